//! Whole templates.

mod condition;
mod document;
mod entry;
mod error;
mod limits;
mod logical_id;
mod mapping;
mod output;
mod parameter;
mod yaml;

use std::panic::Location;

pub use condition::{Condition, Test};
pub use document::{Document, SizeClass};
pub use entry::{DeletionPolicy, ResourceEntry};
pub use error::{Error, Errors};
pub use logical_id::LogicalId;
pub use mapping::{Mapping, MappingRef};
pub use output::Output;
pub use parameter::{Parameter, ParameterKind, ParameterRef};

use crate::node::{Node, Object};
use crate::resource::{Handle, Resource};
use crate::tag::Tag;

/// A CloudFormation template under construction.
///
/// Mistakes that types cannot rule out (a logical id used twice, say) are remembered with the line that made them and returned
/// by [`Template::synthesize`], all of them at once, so that the code that describes a stack reads without error handling.
///
/// ```
/// use cfn::{DeletionPolicy, Output, Template, s3};
///
/// let mut template = Template::new("One bucket");
/// let landing = template.add("Landing", s3::Bucket::new());
/// template.configure(&landing, |entry| entry.deletion_policy(DeletionPolicy::Retain));
/// template.output("LandingName", Output::new(landing.reference()));
/// assert!(template.synthesize()?.to_json().contains("AWS::S3::Bucket"));
/// # Ok::<(), cfn::Errors>(())
/// ```
#[derive(Clone, Debug)]
pub struct Template {
    description: String,
    metadata: Object,
    parameters: Vec<Named>,
    mappings: Vec<Named>,
    conditions: Vec<Named>,
    resources: Vec<ResourceEntry>,
    outputs: Vec<Named>,
    tags: Vec<Tag>,
    errors: Vec<Error>,
}

/// An entry of a section, and where it was added.
#[derive(Clone, Debug)]
struct Named {
    name: LogicalId,
    node: Node,
    location: &'static Location<'static>,
}

impl Template {
    /// An empty template.
    pub fn new(description: impl Into<String>) -> Self {
        Self {
            description: description.into(),
            metadata: Object::new(),
            parameters: Vec::new(),
            mappings: Vec::new(),
            conditions: Vec::new(),
            resources: Vec::new(),
            outputs: Vec::new(),
            tags: Vec::new(),
            errors: Vec::new(),
        }
    }

    /// Adds a resource under a logical id and returns the reference to it.
    #[track_caller]
    pub fn add<R: Resource>(&mut self, logical_id: impl Into<String>, resource: R) -> R::Handle {
        let location = Location::caller();
        let logical_id = self.logical_id(logical_id, location);
        let (resource_type, properties) = resource.into_parts();
        let entry = ResourceEntry::new(
            logical_id.clone(),
            resource_type,
            properties,
            R::TAGGING,
            location,
        );
        self.resources.push(entry);
        R::Handle::from_logical_id(logical_id)
    }

    /// Sets what belongs to a resource beside its properties: dependencies, policies, condition, metadata.
    #[track_caller]
    pub fn configure<H: Handle>(
        &mut self,
        handle: &H,
        change: impl FnOnce(&mut ResourceEntry) -> &mut ResourceEntry,
    ) {
        if let Some(entry) = self.entry_mut(handle) {
            change(entry);
        }
    }

    /// Changes the properties of a resource that was added before.
    ///
    /// ```
    /// use cfn::{Template, s3};
    ///
    /// let mut template = Template::new("Names later");
    /// let bucket = template.add("Bucket", s3::Bucket::new());
    /// template.update(&bucket, |bucket| bucket.bucket_name("a-name"));
    /// ```
    #[track_caller]
    pub fn update<H: Handle>(
        &mut self,
        handle: &H,
        change: impl FnOnce(H::Resource) -> H::Resource,
    ) {
        if let Some(entry) = self.entry_mut(handle) {
            entry.update(change);
        }
    }

    #[track_caller]
    fn entry_mut<H: Handle>(&mut self, handle: &H) -> Option<&mut ResourceEntry> {
        let logical_id = handle.logical_id();
        let position = self
            .resources
            .iter()
            .position(|entry| entry.logical_id() == logical_id);
        if position.is_none() {
            let (logical_id, location) = (logical_id.clone(), Location::caller());
            self.errors.push(Error::ForeignHandle {
                logical_id,
                location,
            });
        }
        position.map(|position| &mut self.resources[position])
    }

    /// Declares a parameter.
    #[track_caller]
    pub fn parameter<T: ParameterKind>(
        &mut self,
        name: impl Into<String>,
        parameter: Parameter<T>,
    ) -> ParameterRef<T> {
        let location = Location::caller();
        let name = self.logical_id(name, location);
        let node = parameter.into_node();
        self.parameters.push(Named {
            name: name.clone(),
            node,
            location,
        });
        ParameterRef::new(name)
    }

    /// Declares a mapping.
    #[track_caller]
    pub fn mapping(&mut self, name: impl Into<String>, mapping: Mapping) -> MappingRef {
        let location = Location::caller();
        let name = self.name_in(Section::Mappings, name, location);
        let node = mapping.into_node();
        self.mappings.push(Named {
            name: name.clone(),
            node,
            location,
        });
        MappingRef::new(name)
    }

    /// Declares a condition.
    #[track_caller]
    pub fn condition(&mut self, name: impl Into<String>, test: Test) -> Condition {
        let location = Location::caller();
        let name = self.name_in(Section::Conditions, name, location);
        let node = test.into_node();
        self.conditions.push(Named {
            name: name.clone(),
            node,
            location,
        });
        Condition::new(name)
    }

    /// Declares an output.
    #[track_caller]
    pub fn output(&mut self, name: impl Into<String>, output: Output) {
        let location = Location::caller();
        let name = self.name_in(Section::Outputs, name, location);
        let node = output.into_node();
        self.outputs.push(Named {
            name,
            node,
            location,
        });
    }

    /// Sets a key of the template's metadata.
    pub fn metadata(
        &mut self,
        key: impl Into<std::borrow::Cow<'static, str>>,
        value: impl Into<Node>,
    ) {
        self.metadata.set(key, value);
    }

    /// Tags every resource whose type takes tags. A tag that a resource sets itself wins.
    pub fn tag(&mut self, key: impl Into<String>, value: impl crate::IntoValue<String>) {
        self.tags.push(Tag::new(key, value));
    }

    /// The resources in the order in which they were added.
    pub fn resources(&self) -> impl Iterator<Item = &ResourceEntry> {
        self.resources.iter()
    }

    /// The resource with that logical id.
    pub fn resource(&self, logical_id: &str) -> Option<&ResourceEntry> {
        self.resources()
            .find(|entry| entry.logical_id().as_str() == logical_id)
    }

    /// The finished document, or everything that is wrong with it.
    pub fn synthesize(&self) -> Result<Document, Errors> {
        let mut errors = self.errors.clone();
        let document = Document::from_node(document::render(self, &mut errors));
        errors.extend(limits::check(self, &document));
        if errors.is_empty() {
            Ok(document)
        } else {
            Err(Errors(errors))
        }
    }

    /// A logical id of a parameter or resource; the two share one namespace.
    fn logical_id(
        &mut self,
        text: impl Into<String>,
        location: &'static Location<'static>,
    ) -> LogicalId {
        self.name_in(Section::ResourcesAndParameters, text, location)
    }

    /// Checks a name; a bad one is remembered as an error and used all the same, so that the stack's code can go on.
    fn name_in(
        &mut self,
        section: Section,
        text: impl Into<String>,
        location: &'static Location<'static>,
    ) -> LogicalId {
        let name = LogicalId::unchecked(text);
        if let Err(reason) = name.check() {
            let (name, reason) = (name.clone(), reason.to_owned());
            self.errors.push(Error::InvalidName {
                name,
                reason,
                location,
            });
        }
        if let Some(first) = self.location_of(section, &name) {
            let second = location;
            self.errors.push(Error::DuplicateName {
                name: name.clone(),
                first,
                second,
            });
        }
        name
    }

    fn location_of(
        &self,
        section: Section,
        name: &LogicalId,
    ) -> Option<&'static Location<'static>> {
        let named = match section {
            Section::ResourcesAndParameters => {
                if let Some(entry) = self
                    .resources
                    .iter()
                    .find(|entry| entry.logical_id() == name)
                {
                    return Some(entry.location());
                }
                &self.parameters
            }
            Section::Mappings => &self.mappings,
            Section::Conditions => &self.conditions,
            Section::Outputs => &self.outputs,
        };
        named
            .iter()
            .find(|named| named.name == *name)
            .map(|named| named.location)
    }
}

/// A namespace of names.
#[derive(Clone, Copy)]
enum Section {
    ResourcesAndParameters,
    Mappings,
    Conditions,
    Outputs,
}
