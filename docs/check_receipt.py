"""Checks a receipt by RFC 9162 and RFC 8032 alone: python3 check_receipt.py KEY < FILE"""

import json
import sys
from base64 import b64decode
from hashlib import sha256, sha512

P, ORDER = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
sys.excepthook = lambda *error: print(f"NOT OK: {error[1]!r}", file=sys.stderr)


def need(good, what):
    good or sys.exit(f"NOT OK: {what}")


def point(raw):
    sign, y = raw[31] >> 7, int.from_bytes(raw, "little") % 2**255
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if x * x % P == square else x * pow(2, (P - 1) // 4, P) % P
    need(x * x % P == square and y < P and (x or not sign), "not a point of the curve")
    return (x if x % 2 == sign else P - x), y


def add(a, b):
    x, y, k = a[0] * b[1] + a[1] * b[0], a[1] * b[1] + a[0] * b[0], D * a[0] * b[0] * a[1] * b[1]
    return x * pow(1 + k, -1, P) % P, y * pow(1 - k, -1, P) % P


def times(n, a):
    return (0, 1) if n == 0 else add(times(n - 1, a), a) if n % 2 else times(n // 2, add(a, a))


said = json.load(sys.stdin.buffer)
text, line = said["seal"].split("\n\n")
(origin, size, top), name = text.split("\n")[:3], line.split(" ")[1]
key, raw = bytes.fromhex(said["key"]), b64decode(line.split(" ")[2].rstrip("\n"), validate=True)
known = said["schema"] == "ntm.receipt/1" and origin == name == "ntm-workflow/" + said["store"]
need(known and said["facts"], "not a receipt of this store")
hashed = sha512(raw[4:36] + key + text.encode() + b"\n").digest()
s, h = (int.from_bytes(number, "little") for number in (raw[36:], hashed))
same = times(s, point(b"X" + b"f" * 31)) == add(point(raw[4:36]), times(h % ORDER, point(key)))
same = same and raw[:4] == sha256(name.encode() + b"\n\1" + key).digest()[:4]
need(same and len(raw) == 68 and s < ORDER, "signature")
for place, f in enumerate(said["facts"], said["entry"]):
    need((f["position"], f["entry"]) == (place, said["entry"]), "entry")
    texts = [f[field].encode() for field in ("id", "topic", "recorded_at")]
    numbers = [n.to_bytes(8, "big") for n in (place, f["entry"], f["version"])]
    layout = b"".join([*numbers, *(len(text).to_bytes(4, "big") for text in texts), *texts])
    node = sha256(b"\0" + layout + b64decode(f["state"], validate=True)).digest()
    at, last = place - 1, int(size) - 1
    for other in (b64decode(each, validate=True) for each in f["proof"]):
        while at == last and at and not at % 2:
            at, last = at >> 1, last >> 1
        node = sha256(b"\1" + (other + node if at % 2 else node + other)).digest()
        at, last = at >> 1, last >> 1
    need(last == 0 and node == b64decode(top), f"the fact at {place}")
need(sys.argv[1:] == [said["key"]], f"consistent, under a key not named here: {said['key']}")
print(f"OK under key {said['key']}")
