"""Trims one provider schema to what builders, validator and review need, with the facts of the service specification joined in.

The result is described by the Rust model in `src/model.rs`, which reads it.
"""

import re

from facts import TypeFacts
from names import pascal, singular, summary

POLICY_PROPERTY = re.compile(r"PolicyDocument$|^KeyPolicy$")
RESOURCE_FORMAT = re.compile(r"^AWS::\w+::\w+\.\w+$")
CONSTRAINTS = {"minLength": "min_length", "maxLength": "max_length", "minimum": "minimum", "maximum": "maximum"}
LIST_CONSTRAINTS = {"minItems": "min_items", "maxItems": "max_items"}
OBJECT_RULES = {
    "requiredXor": "required_xor",
    "requiredOr": "required_or",
    "dependentRequired": "dependent_required",
    "dependencies": "dependent_required",
    "dependentExcluded": "dependent_excluded",
}
PATHS = {
    "createOnlyProperties": "create_only",
    "conditionalCreateOnlyProperties": "conditional_create_only",
    "writeOnlyProperties": "write_only",
    "deprecatedProperties": "deprecated",
    "primaryIdentifier": "primary_identifier",
}


def trim(resource_type: str, schema: dict, facts: TypeFacts) -> dict:
    return Trimmer(resource_type, schema, facts).resource()


class Trimmer:
    def __init__(self, resource_type: str, schema: dict, facts: TypeFacts):
        self.resource_type = resource_type
        self.name = resource_type.split("::")[2]
        self.schema = schema
        self.facts = facts
        self.definitions = {}
        self.enums = {}
        self.name_by_reference = {}

    def resource(self) -> dict:
        read_only = {path for path in map(property_path, self.schema.get("readOnlyProperties", []))}
        settable = {
            name: value
            for name, value in self.schema["properties"].items()
            if name not in read_only or name in self.schema.get("required", [])
        }
        root = self.object({**self.schema, "properties": settable}, None)
        result = {
            "type": self.resource_type,
            "root": root,
            "definitions": self.definitions,
            "enums": self.enums,
            "attributes": self.attributes(read_only | self.facts.attributes),
            "reference": self.reference(),
            "permissions": self.permissions(),
        }
        for source, target in PATHS.items():
            if self.schema.get(source):
                paths = [property_path(path) for path in self.schema[source]]
                result[target] = paths if source == "primaryIdentifier" else sorted(paths)
        if self.facts.stateful:
            result["stateful"] = True
        if self.facts.security:
            result["security"] = self.facts.security
        if self.schema.get("replacementStrategy"):
            result["replacement_strategy"] = self.schema["replacementStrategy"]
        if text := summary(self.schema.get("description")):
            result["summary"] = text
        if tag_property := self.tag_property(root):
            result["tag_property"] = tag_property
        return result

    def permissions(self) -> dict:
        """What each handler calls, and what any of them calls for tags, which some schemas name only there."""
        phases = {**self.schema.get("handlers", {}), "tagging": self.schema.get("tagging", {})}
        return {phase: sorted(set(value["permissions"])) for phase, value in phases.items() if value.get("permissions")}

    def tag_property(self, root: dict) -> str | None:
        tagging = self.schema.get("tagging", {})
        name = property_path(tagging.get("tagProperty", "/properties/Tags"))
        return name if tagging.get("taggable", True) and name in root["properties"] else None

    def reference(self) -> dict:
        """What `Ref` returns. A composite identifier without a fact of its own has no single name."""
        identifier = self.facts.reference or [property_path(path) for path in self.schema.get("primaryIdentifier", [])]
        if len(identifier) != 1:
            return {}
        return {"name": identifier[0], **({"arn": True} if identifier[0].lower().endswith("arn") else {})}

    def attributes(self, paths: set) -> dict:
        result = {}
        for path in sorted(paths):
            if "*" in path:
                continue
            shape = self.attribute_shape(self.at_path(path))
            if shape is None:
                continue
            last = path.split(".")[-1]
            if shape["type"] == "string" and last.lower().endswith("arn"):
                shape["arn"] = "own" if self.is_own_arn(path) else "other"
            result[path] = shape
        return result

    def is_own_arn(self, path: str) -> bool:
        identifier = [property_path(part) for part in self.schema.get("primaryIdentifier", [])]
        return path in ("Arn", f"{self.name}Arn") or [path] == identifier

    def attribute_shape(self, schema: dict) -> dict | None:
        kind = schema.get("type")
        if isinstance(kind, list):
            kind = "string" if "string" in kind else kind[0]
        if kind in ("string", "integer", "number", "boolean"):
            return {"type": kind}
        if kind == "array" and self.resolved(schema.get("items", {})).get("type") == "string":
            return {"type": "list", "items": {"type": "string"}}
        return None

    def at_path(self, path: str) -> dict:
        value = self.schema
        for part in path.split("."):
            value = self.resolved(self.resolved(value).get("properties", {}).get(part, {}))
        return value

    def resolved(self, schema: dict) -> dict:
        while isinstance(schema, dict) and "$ref" in schema:
            target = self.schema
            for part in schema["$ref"].lstrip("#/").split("/"):
                target = target[part.replace("~1", "/")]
            schema = {**target, **{key: value for key, value in schema.items() if key not in ("$ref", "description")}}
        return schema

    # Objects

    def object(self, schema: dict, definition: str | None) -> dict:
        properties, required, branches = dict(schema.get("properties", {})), list(schema.get("required", [])), []
        if len(schema.get("oneOf", [])) == 1:
            required += self.resolved(schema["oneOf"][0]).get("required", [])
        for keyword in ("oneOf", "anyOf", "allOf"):
            for part in filter(lambda part: isinstance(part, dict), schema.get(keyword, [])):
                part = self.resolved(part)
                for name, value in part.get("properties", {}).items():
                    if isinstance(value, dict) and value:
                        properties.setdefault(name, value)
                if keyword == "allOf":
                    required += part.get("required", [])
                if keyword == "oneOf":
                    branches.append(part.get("required"))
        result = {
            "properties": {
                name: self.property(name, value, name in required, definition)
                for name, value in sorted(properties.items())
                if isinstance(value, dict)
            }
        }
        if len(branches) > 1 and all(branches):
            result["one_of"] = branches
        if any_of := [part["required"] for part in schema.get("anyOf", []) if set(part) == {"required"}]:
            result["any_of"] = any_of
        for source, target in OBJECT_RULES.items():
            if rule := named_properties(schema.get(source)):
                result[target] = rule
        for target in ("required_xor", "required_or"):
            if target in result and isinstance(result[target][0], str):
                result[target] = [result[target]]
        if text := summary(schema.get("description")) if definition else None:
            result["summary"] = text
        return result

    def property(self, name: str, schema: dict, required: bool, definition: str | None) -> dict:
        result = self.shape(schema, pascal(name) if definition is None else definition + pascal(name))
        facts = self.facts.property(definition, name)
        if result["type"] == "json" and POLICY_PROPERTY.search(name):
            result = {"type": "policy"}
        identifies_itself = definition is None and name in map(property_path, self.schema.get("primaryIdentifier", []))
        self.join_relationships(result, facts, identifies_itself)
        if required:
            result["required"] = True
        if text := summary(schema.get("description") or self.resolved(schema).get("description")):
            result["summary"] = text
        if is_marked(facts):
            result["security"] = facts["scrutinizable"]
        return result

    def join_relationships(self, shape: dict, facts: dict, identifies_itself: bool) -> None:
        target = shape["items"] if shape["type"] == "list" else shape
        if target["type"] != "string":
            return
        accepts = set(target.pop("accepts", []))
        accepts |= {f"{each['cloudFormationType']}.{each['propertyName']}" for each in facts.get("relationshipRefs", [])}
        if identifies_itself:
            accepts = {each for each in accepts if not each.startswith(self.resource_type + ".")}
        if accepts:
            target["accepts"] = sorted(accepts)

    # Shapes

    def shape(self, schema: dict, hint: str) -> dict:
        if "$ref" in schema:
            return self.referenced(schema, hint)
        if is_tag(schema) and hint.endswith("Tag"):
            return {"type": "tag"}
        kind = normal_type(schema)
        values = [schema["const"]] if "const" in schema else schema.get("enum")
        if kind in ("string", None) and values and all(isinstance(value, str) for value in values):
            return {"type": "enum", "name": self.enum(hint, values)}
        if self.is_object(schema):
            return {"type": "object", "definition": self.define(hint, schema)}
        if kind == "array":
            return self.list(schema, hint)
        if kind == "object" or kind is None and has_map_values(schema):
            return self.map(schema, hint)
        if kind == "string":
            return self.string(schema)
        if kind in ("integer", "number"):
            return {"type": kind, **pick(schema, {"minimum": "minimum", "maximum": "maximum", "enum": "allowed"})}
        if kind == "boolean":
            return {"type": "boolean"}
        return self.union(schema, hint)

    def referenced(self, schema: dict, hint: str) -> dict:
        reference = schema["$ref"]
        name = pascal(reference.split("/")[-1])
        target = self.resolved(schema)
        if is_tag(target) and "Tag" in name:
            return {"type": "tag"}
        if self.is_object(target):
            if reference not in self.name_by_reference:
                self.name_by_reference[reference] = name
                self.define(name, target)
            return {"type": "object", "definition": self.name_by_reference[reference]}
        return self.shape(target, name)

    def define(self, name: str, schema: dict) -> str:
        if name not in self.definitions:
            self.definitions[name] = None
            self.definitions[name] = self.object(schema, name)
        return name

    def enum(self, name: str, values: list) -> str:
        known = self.enums.setdefault(name, values)
        if known != values:
            raise ValueError(f"{self.resource_type}: two enums are named {name}")
        return name

    def is_object(self, schema: dict) -> bool:
        if normal_type(schema) == "array":
            return False
        if schema.get("properties"):
            return True
        if normal_type(schema) not in ("object", None):
            return False
        parts = [part for keyword in ("oneOf", "anyOf", "allOf") for part in schema.get(keyword, [])]
        return any(self.is_object(self.resolved(part)) for part in parts if isinstance(part, dict))

    def list(self, schema: dict, hint: str) -> dict:
        result = {"type": "list", "items": self.shape(schema.get("items", {}), singular(hint))}
        result.update(pick(schema, LIST_CONSTRAINTS))
        if schema.get("uniqueItems"):
            result["unique"] = True
        return result

    def map(self, schema: dict, hint: str) -> dict:
        patterns = schema.get("patternProperties", {})
        if len(patterns) == 1:
            pattern, values = next(iter(patterns.items()))
            keys = {} if pattern in ("", ".*", "^.*$") else {"key_pattern": pattern}
            return {"type": "map", "values": self.shape(values, hint + "Value"), **keys}
        if isinstance(schema.get("additionalProperties"), dict):
            return {"type": "map", "values": self.shape(schema["additionalProperties"], hint + "Value")}
        return {"type": "json"}

    def string(self, schema: dict) -> dict:
        result = {"type": "string", **pick(schema, CONSTRAINTS | {"pattern": "pattern"})}
        if schema.get("format") and not RESOURCE_FORMAT.match(schema["format"]):
            result["format"] = schema["format"]
        if accepts := sorted(relationships(schema)):
            result["accepts"] = accepts
        return result

    def union(self, schema: dict, hint: str) -> dict:
        """A choice of types: the one they agree on, else the list among them, else free JSON."""
        parts = [part for keyword in ("oneOf", "anyOf") for part in schema.get(keyword, []) if isinstance(part, dict)]
        shapes = [self.shape(part, hint) for part in parts if "type" in part or "$ref" in part]
        kinds = {shape["type"] for shape in shapes}
        if kinds == {"string"}:
            return {"type": "string"}
        if kinds and kinds <= {"string", "integer", "number", "boolean"}:
            return {"type": "string"}
        if all(shape == shapes[0] for shape in shapes[1:]) and shapes:
            return shapes[0]
        return next((shape for shape in shapes if shape["type"] == "list"), {"type": "json"})


def property_path(pointer: str) -> str:
    """`/properties/Code/properties/S3Key` -> `Code.S3Key`."""
    return ".".join(part for part in pointer.split("/") if part not in ("", "properties"))


def normal_type(schema: dict) -> str | None:
    """One type where the schema lists several; `[object, string]` means JSON or JSON in a string."""
    kind = schema.get("type")
    if not isinstance(kind, list):
        return kind
    if "array" in kind and "items" in schema:
        return "array"
    if {"string", "number", "boolean"} <= set(kind):
        return "string"
    if "object" in kind:
        return "object"
    return "string" if "string" in kind else kind[0]


def is_marked(facts: dict) -> bool:
    """Whether a change of the property matters to security."""
    return facts.get("scrutinizable", "None") != "None"


def named_properties(rule: list | dict | None) -> list | dict | None:
    """A rule without those parts that are schemas of their own instead of lists of properties."""
    return {name: value for name, value in rule.items() if isinstance(value, list)} if isinstance(rule, dict) else rule


def is_tag(schema: dict) -> bool:
    return set(schema.get("properties", {})) == {"Key", "Value"}


def has_map_values(schema: dict) -> bool:
    return "patternProperties" in schema or isinstance(schema.get("additionalProperties"), dict)


def pick(schema: dict, keys: dict) -> dict:
    return {target: schema[source] for source, target in keys.items() if source in schema}


def relationships(schema: dict) -> set:
    """The `resource type.attribute` pairs which a string's format or relationship names."""
    found = set()
    if RESOURCE_FORMAT.match(schema.get("format", "")):
        found.add(schema["format"])
    if reference := schema.get("relationshipRef"):
        found.add(f"{reference['typeName']}.{property_path(reference['propertyPath'])}")
    for keyword in ("anyOf", "oneOf"):
        for part in schema.get(keyword, []):
            found |= relationships(part)
    return found
