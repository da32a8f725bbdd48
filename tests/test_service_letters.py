"""Letters of a store that is looked after: they leave in the hours, are tried again, and trouble is told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from offices import closing_store
from posts import Basket
from services import Kept, looked_after
from terminal import ntm

from ntm_workflow.notifications.post import Outcome
from ntm_workflow.notifications.server import Phase, Reply, Trouble, Why
from ntm_workflow.office import contacts, heartbeat
from ntm_workflow.office.bag import Sender
from ntm_workflow.office.finding import Grade
from ntm_workflow.office.style import Style
from ntm_workflow.store.schema import OUTBOX

NGOC, THANH = "ubnd-tam-ngoc-tam-ky", "ubnd-tam-thanh-tam-ky"
OPERATOR = "truc-may@example.com"
MINUTE = timedelta(minutes=1)


class Server(Basket):
    """A mail server: what it takes reaches people."""

    harmless = False

    def away(self) -> None:
        """It takes nothing from now on."""
        self.failing, self.outcome = "@", Outcome.UNTRIED
        said = Reply(Phase.LOGIN, 535, "5.7.8", f"5.7.8 no such user <{OPERATOR}>")
        self.trouble = [Trouble("mail.example.com:587", Why.LOGIN_REFUSED, said)]

    def back(self) -> None:
        self.failing, self.trouble = "", []


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def kept(store_url: str, server: Server) -> Iterator[Kept]:
    """Two communes with addresses and something to be reminded of on 15/10/2024, a Tuesday."""
    with closing_store(looked_after(store_url)) as desk:
        for unit in (NGOC, THANH):
            desk.record(lambda e, u=unit: contacts.change(e, u, [f"{u}@example.com"]))  # type: ignore[misc]
        kept = Kept(desk).given(smtp=lambda: server, most_silence=timedelta(days=999))
        yield kept.at("14/10/2024 16:00").look_after().at("15/10/2024 07:00")


def test_letters_leave_by_the_server_in_the_morning(kept: Kept, server: Server) -> None:
    kept.look_after()
    before = len(server.reached)
    kept.at("15/10/2024 07:30").look_after()
    assert {f"{u}@example.com" for u in (NGOC, THANH)} <= set(server.reached[before:])
    said = kept.run("letters")
    assert said is None


def test_they_leave_in_the_name_the_settings_give(kept: Kept, server: Server) -> None:
    kept.given(sender=Sender("Điều phối", "dp@example.org", "tra@example.org"))
    kept.at("15/10/2024 07:30").look_after()
    (first, *_) = (p for p in server.offered if b"dp@example.org" in p.content)
    assert first.sender.startswith("tra+b.")


def test_a_letter_put_off_is_tried_again_within_the_day_and_waits_over_night(
    kept: Kept, server: Server
) -> None:
    server.failing = "tam-ngoc"
    kept.at("15/10/2024 07:30").look_after()
    tried = len(server.offered)
    kept.after(MINUTE).look_after()
    assert len(server.offered) > tried
    tried = len(server.offered)
    kept.at("15/10/2024 17:01").look_after()
    kept.at("16/10/2024 07:29").look_after()
    assert len(server.offered) == tried
    server.failing = ""
    kept.at("16/10/2024 07:31").look_after()
    assert f"{NGOC}@example.com" in server.reached


def test_on_a_day_off_nothing_leaves(kept: Kept, server: Server) -> None:
    server.failing = "@"
    kept.at("18/10/2024 16:59").look_after()
    before = len(server.offered)
    server.failing = ""
    for moment in ("18/10/2024 18:00", "19/10/2024 09:00", "20/10/2024 09:00"):
        kept.at(moment).look_after()
    assert len(server.offered) == before
    kept.at("21/10/2024 07:30").look_after()
    assert len(server.offered) > before


def test_nothing_is_asked_of_the_server_while_nothing_waits(kept: Kept) -> None:
    asked = []
    kept.at("15/10/2024 07:30").look_after()
    kept.given(smtp=lambda: asked.append(1))
    for _ in range(3):
        kept.after(MINUTE).look_after()
    assert asked == []


# --- trouble


def test_a_server_that_takes_nothing_burns_no_letter_and_is_left_alone_for_a_while(
    kept: Kept, server: Server
) -> None:
    server.away()
    found = kept.at("15/10/2024 07:30").look_after().run("relay")
    assert found is None, "it rests"
    assert "535" in (kept.beat("relay").trouble or "")
    assert "example.com>" not in (kept.beat("relay").trouble or ""), "it is kept, an address is not"
    offered = len(server.offered)
    kept.after(5 * MINUTE).look_after()
    assert len(server.offered) == offered
    server.back()
    kept.after(6 * MINUTE).look_after()
    assert {f"{u}@example.com" for u in (NGOC, THANH)} <= set(server.reached)
    assert kept.beat("relay").trouble is None


def test_whoever_looks_after_the_machine_hears_of_each_trouble_once(
    kept: Kept, server: Server
) -> None:
    kept.given(operator=OPERATOR)
    for moment in ("15/10/2024 07:30", "15/10/2024 12:00"):
        server.away()
        kept.at(moment).look_after()
        for _ in range(4):
            kept.after(11 * MINUTE).look_after()
        server.back()
        kept.tick()
        kept.after(11 * MINUTE).look_after()
    alerts = [each for each in kept.letters() if "/alert/" in each]
    assert [id.rpartition("/")[0] for id in alerts] == ["letter/operator/alert/mail"] * len(alerts)
    assert len(alerts) == 1
    assert server.reached.count(OPERATOR) == 1


def test_a_trouble_that_comes_back_another_time_is_another_trouble(
    kept: Kept, server: Server
) -> None:
    kept.given(operator=OPERATOR)
    for day in (15, 17):
        server.away()
        kept.at(f"{day}/10/2024 07:30").look_after().tick()
        server.back()
        kept.after(11 * MINUTE).look_after()
    assert len([each for each in kept.letters() if "/alert/mail/" in each]) == 2


def test_an_alert_about_the_server_that_is_over_does_not_leave(kept: Kept, server: Server) -> None:
    kept.given(operator=OPERATOR)
    server.away()
    kept.at("15/10/2024 07:30").look_after().tick()
    server.back()
    now = kept.after(MINUTE).times.wall
    heartbeat.end(kept.office, "relay", now, None, now)
    kept.tick()
    assert OPERATOR not in server.reached
    assert [s for id, s in kept.letters().items() if "/alert/" in id] == ["dropped"]


def test_a_fault_in_the_templates_of_an_office_is_told_all_the_same(
    kept: Kept, server: Server, tmp_path: Path
) -> None:
    (tmp_path / "vi").mkdir()
    (tmp_path / "vi/digest.txt").write_text("{% blok subject %}", "utf-8")
    kept.given(operator=OPERATOR, style=Style(templates=str(tmp_path)))
    kept.at("15/10/2024 07:30").look_after()
    kept.after(11 * MINUTE).look_after()
    assert OPERATOR in server.reached
    assert [s for id, s in kept.letters().items() if "/alert/" in id] == ["sent"]


def test_letters_that_could_not_be_written_are_told(kept: Kept, server: Server) -> None:
    kept.given(operator=OPERATOR)
    kept.at("15/10/2024 07:30").look_after()
    with kept.office.database.write() as conn:
        unwritten = sa.update(OUTBOX).where(OUTBOX.c.unit == NGOC)
        conn.execute(unwritten.values(state="unwritten", trouble="ValueError: mẫu"))
    kept.after(MINUTE).tick()
    kept.after(MINUTE).tick()
    assert server.reached.count(OPERATOR) == 1
    assert [id for id in kept.letters() if "/alert/unwritten/" in id]


def test_letters_refused_for_good_are_told_once_a_day(kept: Kept, server: Server) -> None:
    kept.given(operator=OPERATOR)
    server.failing, server.outcome, server.said = "tam-ngoc", Outcome.REFUSED, (550, "5.1.1")
    kept.at("15/10/2024 07:30").look_after()
    for _ in range(3):
        kept.after(MINUTE).tick()
    (alert,) = [id for id in kept.letters() if "/alert/" in id]
    assert alert == "letter/operator/alert/dead/2024-10-15"
    kept.at("16/10/2024 07:00").tick()
    assert server.reached.count(OPERATOR) == 1
    doctor = ntm_doctor(kept)
    assert doctor["dead_letters"]["state"] == "warn"
    assert "UBND xã Tam Ngọc" in doctor["dead_letters"]["message"]


def ntm_doctor(kept: Kept) -> dict[str, dict[str, str]]:
    url = kept.desk.database.url.render_as_string(hide_password=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ntm_workflow.cli.session.SystemClock.now", lambda self: kept.times.wall)
        items = ntm("doctor --json", url).json["items"]
    return {item["check"]: item for item in items}


def test_letters_wait_while_the_clock_is_in_doubt_and_alerts_do_not(
    kept: Kept, server: Server
) -> None:
    kept.given(operator=OPERATOR).at("15/10/2024 07:25").tick()
    before = len(server.reached)
    kept.step(7200).tick()
    kept.look_after()
    assert server.reached[before:] == [OPERATOR]


def test_a_run_ends_soon_when_the_service_is_to_stop(kept: Kept, server: Server) -> None:
    before = len(server.offered)
    kept.given(going_on=lambda: False).at("15/10/2024 07:30").look_after()
    assert len(server.offered) == before
    kept.given(going_on=lambda: True).after(MINUTE).look_after()
    assert len(server.offered) > before


def test_a_fallback_that_is_used_is_told(kept: Kept, server: Server) -> None:
    server.away()
    server.failing = ""
    found = kept.at("15/10/2024 07:30")
    kept.run("letters")
    found = kept.run("relay")
    assert found
    assert (found.grade, found.fix) == (Grade.WARN, "ntm mail test")
    assert "mail.example.com:587" in found.say("vi")
    assert f"{NGOC}@example.com" in server.reached


def test_without_a_server_the_folder_takes_them_in_the_same_hours(
    kept: Kept, tmp_path: Path
) -> None:
    kept.given(smtp=None, outbox=tmp_path, letters_until=time(8))
    kept.at("15/10/2024 08:00").look_after()
    assert kept.mail(tmp_path) == []
    kept.at("16/10/2024 07:45").look_after()
    assert kept.mail(tmp_path)
