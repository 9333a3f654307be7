"""Holds every line of a conversation against schemas/provider-v1.json: check_lines.py SCHEMA FILE"""

import json
import sys

import jsonschema

with open(sys.argv[1]) as schema:
    validator = jsonschema.Draft7Validator(json.load(schema))
kinds = set()
count = 0
with open(sys.argv[2]) as lines:
    for line in lines:
        value = json.loads(line)
        for fault in validator.iter_errors(value):
            sys.exit(f"{line.strip()[:300]}\n{jsonschema.exceptions.best_match([fault]).message}")
        kinds.update(value.get("call", kind) for kind in value)
        count += 1
missing = {"hello", "open", "find", "list", "traits", "read", "stored", "apply", "done", "check", "result", "error",
           "request", "response"} - kinds
if missing:
    sys.exit(f"nobody said: {sorted(missing)}")
for wrong in ('{}', '{"id":1}', '{"id":1,"call":"nonsense","params":{}}', '{"id":1,"result":{},"error":{}}',
              '{"id":1,"call":"read","params":{"zone":"example.com."}}',
              '{"http":1,"request":{"method":"GET","intent":"read","url":"file:///etc/passwd"}}',
              '{"id":1,"result":{"sets":[{"name":"www","type":"A","ttl":1,"values":["192.0.2.1"]}]}}',
              '{"id":1,"error":{"kind":"bad luck","message":"x"}}'):
    if validator.is_valid(json.loads(wrong)):
        sys.exit(f"the schema takes {wrong}")
print(f"{count} lines checked")
