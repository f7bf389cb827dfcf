"""Answers, line by line, what libpq makes of a connection string: the oracle of the differential tests.

usage: libpq-oracle.py [path of libpq.so]; without a path, psycopg2's libpq.
A request is one JSON line: {"parse": text}, {"resolve": text, "environment": {name: value}} or {"connect": text, "environment": …}.
The answer is {"values": {keyword: hex}}, {"error": message} or {"encryption": "tls" | "plain", "port": number}.
"""

import ctypes
import json
import os
import sys


class Option(ctypes.Structure):
    _fields_ = [
        (name, ctypes.c_char_p)
        for name in ("keyword", "envvar", "compiled", "val", "label", "dispchar")
    ] + [("dispsize", ctypes.c_int)]


def load(path):
    library = ctypes.CDLL(path)
    options = ctypes.POINTER(Option)
    library.PQconninfoParse.restype = options
    library.PQconninfoParse.argtypes = [ctypes.c_char_p, ctypes.POINTER(ctypes.c_void_p)]
    library.PQconninfo.restype = options
    library.PQconninfo.argtypes = [ctypes.c_void_p]
    library.PQconninfoFree.argtypes = [options]
    library.PQfreemem.argtypes = [ctypes.c_void_p]
    library.PQfinish.argtypes = [ctypes.c_void_p]
    library.PQconnectStart.restype = ctypes.c_void_p
    library.PQconnectStart.argtypes = [ctypes.c_char_p]
    library.PQconnectdb.restype = ctypes.c_void_p
    library.PQconnectdb.argtypes = [ctypes.c_char_p]
    library.PQsslInUse.argtypes = [ctypes.c_void_p]
    library.PQerrorMessage.restype = ctypes.c_char_p
    library.PQerrorMessage.argtypes = [ctypes.c_void_p]
    library.PQstatus.argtypes = [ctypes.c_void_p]
    library.PQlibVersion.restype = ctypes.c_int
    for name in ("PQhost", "PQport", "PQdb", "PQuser", "PQpass"):
        getattr(library, name).restype = ctypes.c_char_p
        getattr(library, name).argtypes = [ctypes.c_void_p]
    return library


def values_of(options):
    found = {}
    index = 0
    while options[index].keyword:
        option = options[index]
        if option.val is not None:
            found[option.keyword.decode()] = option.val.hex()
        index += 1
    return found


def parse(library, text):
    message = ctypes.c_void_p()
    options = library.PQconninfoParse(text.encode(), ctypes.byref(message))
    if not options:
        error = ctypes.cast(message, ctypes.c_char_p).value.decode(errors="replace").strip()
        library.PQfreemem(message)
        return {"error": error}
    found = values_of(options)
    library.PQconninfoFree(options)
    return {"values": found}


def resolve(library, text, environment):
    """Starts a connection, which opens nothing that a test listens on, and reads what it was resolved to."""
    os.environ.clear()
    os.environ.update(environment)
    connection = library.PQconnectStart(text.encode())
    error = library.PQerrorMessage(connection).decode(errors="replace").strip()
    options = library.PQconninfo(connection)
    found = values_of(options)
    facts = {
        name: (getattr(library, name)(connection) or b"").hex()
        for name in ("PQhost", "PQport", "PQdb", "PQuser", "PQpass")
    }
    library.PQconninfoFree(options)
    library.PQfinish(connection)
    return {"values": found, "facts": facts, "error": error}


def connect(library, text, environment):
    os.environ.clear()
    os.environ.update(environment)
    connection = library.PQconnectdb(text.encode())
    if library.PQstatus(connection) == 0:
        answer = {
            "encryption": "tls" if library.PQsslInUse(connection) else "plain",
            "port": int(library.PQport(connection)),
        }
    else:
        answer = {"error": library.PQerrorMessage(connection).decode(errors="replace").strip()}
    library.PQfinish(connection)
    return answer


def main():
    if len(sys.argv) > 1:
        library = load(sys.argv[1])
    else:
        import psycopg2._psycopg

        library = load(psycopg2._psycopg.__file__)
    print(json.dumps({"version": library.PQlibVersion()}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        if "parse" in request:
            answer = parse(library, request["parse"])
        elif "connect" in request:
            answer = connect(library, request["connect"], request["environment"])
        else:
            answer = resolve(library, request["resolve"], request["environment"])
        print(json.dumps(answer), flush=True)


main()
