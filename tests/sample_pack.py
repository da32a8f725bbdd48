"""A small plan pack without a fault, for the tests to spoil."""

SOUND = """
id = "ke-hoach-mau"
title = "Kế hoạch mẫu"
issuer = "UBND huyện Mẫu"
level = "district"
place = "mau"
period = [2024, 2025]

[[places]]
id = "mau"
name = "Mẫu"
type = "huyen"

[[places]]
id = "xa-mau"
name = "Xã Mẫu"
type = "xa"
parent = "mau"

[[units]]
id = "phong-mau"
name = "Phòng mẫu"
role = "phong"
place = "mau"

[[obligations]]
rule = "R1"
clause = "I.1"
title = "Việc mẫu"
expression = "trước ngày 30/10/2024"
strength = "must"
owed_by = "@commune"
owed_to = "phong-mau"
places = ["xa-mau"]
dossier = { standard = "xa-ntm", year = 2024, to = "district" }

[[leads]]
unit = "phong-mau"
set = "xa-ntm"
clause = "II"
numbers = [1]

[[criteria]]
clause = "III"
place = "xa-mau"
set = "xa-ntm"
assessment_year = 2023
achieved = [1, 2]
not_achieved = [3]

[[targets]]
clause = "IV"
what = "cay-xanh"
title = "Cây xanh"
places = ["mau"]
aim = "target"
value = "12,19"
unit = "m²/người"
"""
