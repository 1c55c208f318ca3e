"""Facts which only the CDK's service specification knows, looked up by resource type."""


class ServiceSpecFacts:
    def __init__(self, database: dict):
        schema = database["schema"]
        self.resources = {entity["cloudFormationType"]: entity for entity in schema["resource"]["entities"]}
        self.definitions = {entity["$id"]: entity for entity in schema["typeDefinition"]["entities"]}
        self.uses = schema["usesType"]["forward"]

    def of(self, resource_type: str) -> "TypeFacts":
        resource = self.resources.get(resource_type, {"properties": {}})
        links = self.uses.get(resource.get("$id"), [])
        definitions = [self.definitions[link["$id"]] for link in links]
        return TypeFacts(resource, {definition["name"]: definition for definition in definitions})


class TypeFacts:
    def __init__(self, resource: dict, definitions: dict):
        self.resource = resource
        self.definitions = definitions

    @property
    def stateful(self) -> bool:
        return self.resource.get("isStateful", False)

    @property
    def security(self) -> str | None:
        return self.resource.get("scrutinizable")

    @property
    def reference(self) -> str | None:
        return self.resource.get("cfnRefIdentifier")

    @property
    def attributes(self) -> set:
        """What the documentation says `Fn::GetAtt` returns; some types return settable properties, too."""
        return set(self.resource.get("attributes", {}))

    @property
    def properties(self) -> dict:
        """What is known of the resource's own properties, by name."""
        return dict(sorted(self.resource.get("properties", {}).items()))

    @property
    def is_macro(self) -> bool:
        """Whether a transform makes other resources of it, as that of SAM does."""
        return "cloudFormationTransform" in self.resource

    def property(self, definition: str | None, name: str) -> dict:
        """What is known of one property: of the resource itself, or of one of its definitions."""
        owner = self.resource if definition is None else self.definitions.get(definition, {})
        return owner.get("properties", {}).get(name, {})
