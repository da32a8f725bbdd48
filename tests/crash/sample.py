"""The sample plan of the rigs: a duty a day for each commune, a dossier to hand up, a rule on money.

Everything in it is made up; it is as large as a rig asks for.
"""

from __future__ import annotations

from datetime import date, timedelta

from ntm_workflow.plans.pack import Pack, read

#: The first day of the plan, and so the first that can be closed.
BEGINS = date(2024, 1, 1)
COMMUNES = ("xa-mot", "xa-hai", "xa-ba", "xa-bon")
#: The rule whose duty a dossier meets; the others are numbered by their days.
HANDED = "H"

_HEAD = """
id = "ke-hoach-mau"
title = "Kế hoạch mẫu"
issuer = "UBND huyện Mẫu"
level = "district"
place = "mau"
period = [2024, {last_year}]

[[places]]
id = "mau"
name = "Mẫu"
type = "huyen"

[[money_rules]]
id = "M"
clause = "III"
expression = "đến ngày {money:%d/%m} hằng năm"
years = [2024, {last_year}]
stop_types = ["content"]
reallocate_types = ["project", "content"]
"""
_COMMUNE = """
[[places]]
id = "{id}"
name = "{name}"
type = "xa"
parent = "mau"
"""
_DUTY = """
[[obligations]]
rule = "{rule}"
clause = "I"
title = "Việc mẫu"
expression = "đến ngày {day:%d/%m/%Y}"
strength = "must"
owed_by = "@commune"
owed_to = "@district"
places = [{places}]
{more}
"""


def plan(days: int, money: date = date(2024, 6, 30)) -> Pack:
    """A duty for each commune on each of the first `days` days; what is unspent at `money` is found."""
    dates = [BEGINS + timedelta(days=n) for n in range(days)]
    places = ", ".join(f'"{id}"' for id in COMMUNES)
    dossier = 'dossier = { standard = "xa-ntm", year = 2024, to = "district" }'
    text = [
        _HEAD.format(last_year=max(dates[-1].year, 2024), money=money),
        *(_COMMUNE.format(id=id, name=f"Xã {id}") for id in COMMUNES),
        *(_DUTY.format(rule=rule(day), day=day, places=places, more="") for day in dates),
        _DUTY.format(rule=HANDED, day=dates[-1], places=places, more=dossier),
    ]
    return read("".join(text).encode(), "ke-hoach-mau.toml")


def rule(day: date) -> str:
    return f"R{(day - BEGINS).days}"


def duty(day: date, commune: str) -> str:
    return f"obligation/{rule(day)}/{commune}"
