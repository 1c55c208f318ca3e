//! Decides how a resource type looks in Rust: names, types, constructors.

use std::collections::{BTreeMap, BTreeSet};

use spec::{ArnOwner, Attribute, Object, Property, ResourceType, Shape};

use crate::lock::Names;
use crate::relations::{Acceptance, Relations, Several, parts, path_of};
use crate::{Error, naming};

/// The module of one resource type.
#[derive(Debug)]
pub struct Module {
    /// CloudFormation's name.
    pub resource_type: String,
    /// The module of the service.
    pub service: String,
    /// The module of the resource.
    pub name: String,
    /// The resource's own builder.
    pub root: Builder,
    /// Builders of nested objects.
    pub definitions: Vec<Builder>,
    /// Enumerations.
    pub enums: Vec<Enumeration>,
    /// Types of properties that accept values of several types of resources.
    pub targets: BTreeMap<String, Several>,
    /// Types that stand for ARNs which are not the resource's own.
    pub markers: Vec<Marker>,
    /// What the reference to the resource offers.
    pub attributes: Vec<Getter>,
    /// The type of what `Ref` returns.
    pub reference: String,
    /// The property with the resource's tags, and whether it is a list.
    pub tags: Option<(String, bool)>,
}

/// The builder of an object.
#[derive(Debug)]
pub struct Builder {
    /// The type.
    pub name: String,
    /// One sentence on what it is.
    pub summary: Option<String>,
    /// The methods that set properties, by property.
    pub setters: BTreeMap<String, Setter>,
    /// Alternative sets of properties, one constructor for each; none means a plain `new`.
    pub branches: BTreeSet<Vec<String>>,
}

/// A method that sets a property.
#[derive(Debug)]
pub struct Setter {
    /// The method.
    pub method: String,
    /// The type of the property.
    pub value: String,
    /// Whether the property must be set.
    pub required: bool,
    /// One sentence on what it is.
    pub summary: Option<String>,
}

/// An open enumeration.
#[derive(Debug)]
pub struct Enumeration {
    /// The type.
    pub name: String,
    /// Variant and value.
    pub variants: Vec<(String, String)>,
}

/// A type that stands for an ARN.
#[derive(Debug)]
pub struct Marker {
    /// The type.
    pub name: String,
    /// The attribute whose ARN it is.
    pub attribute: String,
}

/// A method of a handle that returns an attribute.
#[derive(Debug)]
pub struct Getter {
    /// The method.
    pub method: String,
    /// The attribute.
    pub attribute: String,
    /// Its type.
    pub value: String,
}

/// Plans the module of a resource type.
pub(crate) fn resource(
    resource_type: &ResourceType,
    relations: &Relations<'_>,
    names: &mut Names<'_>,
) -> Result<Module, Error> {
    Planner::new(resource_type, relations, names)?.module()
}

struct Planner<'a, 'lock> {
    resource_type: &'a ResourceType,
    relations: &'a Relations<'a>,
    names: &'a mut Names<'lock>,
    /// CloudFormation's name of everything that has a type of its own, by the type's name.
    types: BTreeMap<String, String>,
    targets: BTreeMap<String, Several>,
}

impl<'a, 'lock> Planner<'a, 'lock> {
    fn new(
        resource_type: &'a ResourceType,
        relations: &'a Relations<'a>,
        names: &'a mut Names<'lock>,
    ) -> Result<Self, Error> {
        let types = BTreeMap::new();
        let targets = BTreeMap::new();
        let mut planner = Self {
            resource_type,
            relations,
            names,
            types,
            targets,
        };
        planner.give_type("resource", planner.root_name())?;
        for definition in resource_type.definitions.keys() {
            planner.give_type(
                &format!("definition {definition}"),
                planner.definition_name(definition),
            )?;
        }
        for name in resource_type.enums.keys() {
            planner.give_type(&format!("enum {name}"), planner.definition_name(name))?;
        }
        Ok(planner)
    }

    fn module(mut self) -> Result<Module, Error> {
        let resource_type = self.resource_type;
        let root = self.builder(None, &resource_type.root)?;
        let definitions = resource_type.definitions.iter();
        let definitions = definitions
            .map(|(name, object)| self.builder(Some(name), object))
            .collect::<Result<_, _>>()?;
        let enums = resource_type
            .enums
            .iter()
            .map(|(name, values)| self.enumeration(name, values))
            .collect::<Result<_, _>>()?;
        let markers = self.markers()?;
        let attributes = self.attributes()?;
        let (service, resource) = parts(resource_type);
        let of = path_of(resource_type);
        Ok(Module {
            resource_type: resource_type.name.clone(),
            name: naming::module(resource),
            reference: if resource_type.reference.arn {
                format!("Arn<{of}>")
            } else {
                format!("Id<{of}>")
            },
            tags: self.tags(),
            service,
            root,
            definitions,
            enums,
            markers,
            attributes,
            targets: self.targets,
        })
    }

    fn root_name(&self) -> String {
        naming::type_name(parts(self.resource_type).1)
    }

    /// The type of a definition or enumeration; one with the resource's own name gets a suffix.
    fn definition_name(&self, name: &str) -> String {
        let candidate = naming::type_name(name);
        let handle = format!("{}Ref", self.root_name());
        if candidate == self.root_name() || candidate == handle {
            format!("{candidate}Property")
        } else {
            candidate
        }
    }

    fn give_type(&mut self, original: &str, name: String) -> Result<(), Error> {
        self.names
            .give(&self.resource_type.name, original.to_owned(), &name)?;
        match self.types.insert(name.clone(), original.to_owned()) {
            Some(first) => Err(self.ambiguous(name, &first, original)),
            None => Ok(()),
        }
    }

    fn ambiguous(&self, name: String, first: &str, second: &str) -> Error {
        Error::Ambiguous {
            resource_type: self.resource_type.name.clone(),
            name,
            first: first.to_owned(),
            second: second.to_owned(),
        }
    }

    fn builder(&mut self, definition: Option<&str>, object: &Object) -> Result<Builder, Error> {
        let name = definition.map_or_else(
            || self.root_name(),
            |definition| self.definition_name(definition),
        );
        let prefix = definition
            .map(|definition| format!("{definition}."))
            .unwrap_or_default();
        let mut methods: BTreeMap<String, &str> = BTreeMap::new();
        let mut setters = BTreeMap::new();
        for (property, facts) in &object.properties {
            let setter = self.setter(property, facts, definition)?;
            if let Some(first) = methods.insert(setter.method.clone(), property) {
                return Err(self.ambiguous(setter.method, first, property));
            }
            let original = format!("property {prefix}{property}");
            self.names
                .give(&self.resource_type.name, original, &setter.method)?;
            setters.insert(property.clone(), setter);
        }
        let summary = if definition.is_none() {
            &self.resource_type.summary
        } else {
            &object.summary
        };
        Ok(Builder {
            name,
            summary: summary.clone(),
            setters,
            branches: object.one_of.iter().cloned().collect(),
        })
    }

    fn setter(
        &mut self,
        property: &str,
        facts: &Property,
        definition: Option<&str>,
    ) -> Result<Setter, Error> {
        let hint = format!(
            "{}{}Target",
            definition.unwrap_or_default(),
            naming::capitalized(property)
        );
        Ok(Setter {
            method: naming::method(property),
            value: self.value_type(&facts.shape, &hint)?,
            required: facts.required,
            summary: facts.summary.clone(),
        })
    }

    fn value_type(&mut self, shape: &Shape, hint: &str) -> Result<String, Error> {
        Ok(match shape {
            Shape::String(text) => {
                self.text_type(&self.relations.acceptance(&text.accepts), hint)?
            }
            Shape::Integer { .. } => "i64".to_owned(),
            Shape::Number { .. } => "f64".to_owned(),
            Shape::Boolean => "bool".to_owned(),
            Shape::Json => "Node".to_owned(),
            Shape::Policy => "PolicyDocument".to_owned(),
            Shape::Tag => "Tag".to_owned(),
            Shape::Enum { name } => self.definition_name(name),
            Shape::Object { definition } => self.definition_name(definition),
            Shape::List { items, .. } => format!("List<{}>", self.value_type(items, hint)?),
            Shape::Map { values, .. } => format!("Map<{}>", self.value_type(values, hint)?),
        })
    }

    fn text_type(&mut self, acceptance: &Acceptance, hint: &str) -> Result<String, Error> {
        Ok(match acceptance {
            Acceptance::Text => "String".to_owned(),
            Acceptance::Arn(path) => format!("Arn<{path}>"),
            Acceptance::Id(path) => format!("Id<{path}>"),
            Acceptance::Several(several) => {
                let name = naming::type_name(hint);
                self.give_type(&format!("target {hint}"), name.clone())?;
                self.targets.insert(name.clone(), several.clone());
                name
            }
        })
    }

    fn enumeration(&mut self, name: &str, values: &[String]) -> Result<Enumeration, Error> {
        let mut variants: BTreeMap<String, String> = BTreeMap::new();
        let mut ordered = Vec::new();
        for value in values {
            let variant = naming::variant(value).ok_or_else(|| Error::Unnameable {
                resource_type: self.resource_type.name.clone(),
                context: format!("enum {name}"),
                original: value.clone(),
            })?;
            if let Some(first) = variants.insert(variant.clone(), value.clone()) {
                return Err(self.ambiguous(variant, &first, value));
            }
            self.names.give(
                &self.resource_type.name,
                format!("value {name}.{value}"),
                &variant,
            )?;
            ordered.push((variant, value.clone()));
        }
        Ok(Enumeration {
            name: self.definition_name(name),
            variants: ordered,
        })
    }

    /// Types for the ARNs among the attributes which are not the resource's own.
    fn markers(&mut self) -> Result<Vec<Marker>, Error> {
        let mut markers = Vec::new();
        for (attribute, facts) in &self.resource_type.attributes {
            if facts.arn == Some(ArnOwner::Other) {
                let name = naming::type_name(attribute);
                self.give_type(&format!("arn {attribute}"), name.clone())?;
                let attribute = attribute.clone();
                markers.push(Marker { name, attribute });
            }
        }
        Ok(markers)
    }

    /// The attributes as methods. Whatever has an ARN has a method `arn`, whatever CloudFormation calls it.
    fn attributes(&mut self) -> Result<Vec<Getter>, Error> {
        let mut getters: BTreeMap<String, Getter> = BTreeMap::new();
        for (attribute, facts) in &self.resource_type.attributes {
            let method = naming::method(attribute);
            self.names.give(
                &self.resource_type.name,
                format!("attribute {attribute}"),
                &method,
            )?;
            let getter = self.getter(method.clone(), attribute, facts);
            if let Some(first) = getters.insert(method.clone(), getter) {
                return Err(self.ambiguous(method, &first.attribute, attribute));
            }
        }
        let own = self
            .resource_type
            .attributes
            .iter()
            .find(|(_, facts)| facts.arn == Some(ArnOwner::Own));
        if let Some((attribute, facts)) = own {
            let getter = || self.getter("arn".to_owned(), attribute, facts);
            getters.entry("arn".to_owned()).or_insert_with(getter);
        }
        Ok(getters.into_values().collect())
    }

    fn getter(&self, method: String, attribute: &str, facts: &Attribute) -> Getter {
        let value = match (&facts.arn, &facts.shape) {
            (Some(ArnOwner::Own), _) => format!("Arn<{}>", path_of(self.resource_type)),
            (Some(ArnOwner::Other), _) => format!("Arn<{}>", naming::type_name(attribute)),
            (None, Shape::Integer { .. }) => "i64".to_owned(),
            (None, Shape::Number { .. }) => "f64".to_owned(),
            (None, Shape::Boolean) => "bool".to_owned(),
            (None, Shape::List { .. }) => "List<String>".to_owned(),
            (None, _) => "String".to_owned(),
        };
        let attribute = attribute.to_owned();
        Getter {
            method,
            attribute,
            value,
        }
    }

    fn tags(&self) -> Option<(String, bool)> {
        let property = self.resource_type.tag_property.as_ref()?;
        match &self.resource_type.root.properties.get(property)?.shape {
            Shape::List { items, .. } if **items == Shape::Tag => Some((property.clone(), true)),
            Shape::Map { .. } => Some((property.clone(), false)),
            _ => None,
        }
    }
}
