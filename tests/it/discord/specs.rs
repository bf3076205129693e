//! What is sent, judged by Discord's own OpenAPI description, and by what Discord
//! says in prose alone.
use crate::missing::left_out;
use jsonschema::Validator;
use serde_json::{Map, Value, json};
use std::{
    collections::HashMap,
    env, fs,
    path::{Path, PathBuf},
    sync::{Arc, LazyLock, Mutex},
};

/// Where the descriptions lie, if not beside the project.
const FOLDER: &str = "KOEKAKE_TEST_SPECS";
const FILE: &str = "discord-openapi.json";

/// What a request may do although the description says otherwise: a part of the
/// path, a part of what is found, and why.
const EXCEPTIONS: [(&str, &str, &str); 0] = [];

/// The description, with each schema that was needed so far.
pub struct Specs {
    document: Value,
    compiled: Mutex<HashMap<String, Arc<Validator>>>,
}

static SPECS: LazyLock<Option<Specs>> = LazyLock::new(load);

/// The description; None where it is not at hand, which is said once.
pub fn specs() -> Option<&'static Specs> {
    SPECS.as_ref()
}

fn load() -> Option<Specs> {
    let folder = env::var_os(FOLDER).map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/specs"),
        PathBuf::from,
    );
    match fs::read_to_string(folder.join(FILE)) {
        Ok(text) => Some(Specs {
            document: serde_json::from_str(&text).expect("a description in JSON"),
            compiled: Mutex::default(),
        }),
        Err(error) => {
            let missing = format!("{FILE}, {error}, {FOLDER} names its folder");
            left_out("requests to Discord by its description", &missing);
            None
        }
    }
}

impl Specs {
    /// What is wrong with a request, each line one thing.
    pub fn request(&self, method: &str, path: &str, body: &Value) -> Vec<String> {
        let Some(template) = self.template(method, path) else {
            return vec![format!("{method} {path} is not described")];
        };
        let operation = &self.document["paths"][&template][method.to_lowercase()];
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        if schema.is_null() {
            return match body.is_null() {
                true => Vec::new(),
                false => vec![format!("{method} {template} takes no body")],
            };
        }
        let mut wrong = self.judge(&format!("request {method} {template}"), schema, body);
        wrong.extend(self.unknown_fields(schema, body));
        wrong.extend(prose(&template, body));
        wrong.retain(|found| !is_excepted(path, found));
        wrong
    }

    /// What is wrong with an answer of the fake.
    pub fn answer(&self, method: &str, path: &str, (status, body): (u16, &Value)) -> Vec<String> {
        let Some(template) = self.template(method, path) else {
            return Vec::new();
        };
        let answers = &self.document["paths"][&template][method.to_lowercase()]["responses"];
        let code = match status {
            429 => "429".to_owned(),
            400..500 => "4XX".to_owned(),
            // The description is silent on faults of the server.
            500.. => return Vec::new(),
            _ => status.to_string(),
        };
        let mut answer = &answers[&code];
        if let Some(reference) = answer["$ref"].as_str() {
            answer = self.at(reference);
        }
        if answer.is_null() {
            return vec![format!("{method} {template} never answers {status}")];
        }
        let schema = &answer["content"]["application/json"]["schema"];
        match schema.is_null() {
            true => Vec::new(),
            false => self.judge(&format!("answer {method} {template} {code}"), schema, body),
        }
    }

    /// What is wrong with something that has a name in the description.
    pub fn named(&self, name: &str, body: &Value) -> Vec<String> {
        let schema = json!({ "$ref": format!("#/components/schemas/{name}") });
        self.judge(name, &schema, body)
    }

    fn judge(&self, what: &str, schema: &Value, body: &Value) -> Vec<String> {
        let known = self
            .compiled
            .lock()
            .expect("no panic while it is held")
            .get(what)
            .cloned();
        let validator = known.unwrap_or_else(|| {
            let made = Arc::new(self.compile(schema));
            let mut compiled = self.compiled.lock().expect("no panic while it is held");
            compiled.insert(what.to_owned(), made.clone());
            made
        });
        let faults = validator.iter_errors(body);
        faults
            .map(|fault| format!("{what}: {}: {fault}", fault.instance_path))
            .collect()
    }

    /// The schema with all that it refers to, and nothing else: the whole
    /// description is large.
    fn compile(&self, schema: &Value) -> Validator {
        let mut definitions = Map::new();
        let mut own = self.closed(schema, &mut definitions);
        own["$defs"] = Value::Object(definitions);
        jsonschema::draft202012::new(&own).expect("a schema")
    }

    /// The schema with its references led to `$defs`, where they are put.
    fn closed(&self, schema: &Value, definitions: &mut Map<String, Value>) -> Value {
        match schema {
            Value::Object(fields) => {
                let mut own = Map::new();
                for (name, field) in fields {
                    let Some(reference) = field.as_str().filter(|_| name == "$ref") else {
                        own.insert(name.clone(), self.closed(field, definitions));
                        continue;
                    };
                    let called = reference.rsplit('/').next().expect("a name").to_owned();
                    own.insert(name.clone(), json!(format!("#/$defs/{called}")));
                    if !definitions.contains_key(&called) {
                        definitions.insert(called.clone(), Value::Null);
                        let found = self.closed(self.at(reference), definitions);
                        definitions.insert(called, found);
                    }
                }
                Value::Object(own)
            }
            Value::Array(items) => {
                let own = items.iter().map(|item| self.closed(item, definitions));
                Value::Array(own.collect())
            }
            other => other.clone(),
        }
    }

    fn at(&self, reference: &str) -> &Value {
        let path = reference.trim_start_matches('#');
        self.document.pointer(path).unwrap_or(&Value::Null)
    }

    /// The described path that this one is an instance of, the most literal first.
    fn template(&self, method: &str, path: &str) -> Option<String> {
        let path = path.split('?').next()?;
        let given: Vec<&str> = path.split('/').collect();
        let paths = self.document["paths"].as_object()?;
        let fits = |template: &&String| {
            let parts: Vec<&str> = template.split('/').collect();
            parts.len() == given.len()
                && parts
                    .iter()
                    .zip(&given)
                    .all(|(part, own)| part.starts_with('{') || part == own)
        };
        let described = paths
            .keys()
            .filter(fits)
            .filter(|template| !paths[*template][method.to_lowercase()].is_null());
        described
            .min_by_key(|template| template.matches('{').count())
            .cloned()
    }

    /// The description lets any field pass; a field that it does not know is a
    /// mistake of ours.
    fn unknown_fields(&self, schema: &Value, body: &Value) -> Vec<String> {
        let schema = match schema["$ref"].as_str() {
            Some(reference) => self.at(reference),
            None => schema,
        };
        let (Some(known), Some(sent)) = (schema["properties"].as_object(), body.as_object()) else {
            return Vec::new();
        };
        sent.keys()
            .filter(|field| !known.contains_key(*field))
            .map(|field| format!("{field} is no field"))
            .collect()
    }
}

fn is_excepted(path: &str, found: &str) -> bool {
    EXCEPTIONS
        .iter()
        .any(|(where_, what, _)| path.contains(where_) && found.contains(what))
}

/// The limits that Discord states in prose, wherever in the body they hold.
fn prose(template: &str, body: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    each(body, &mut |fields| {
        let mut within = |field: &str, max: usize| {
            let length = fields.get(field).and_then(Value::as_str).map_or(0, length);
            if length > max {
                wrong.push(format!("{field} has {length} characters, more than {max}"));
            }
        };
        within("content", 2_000);
        within("custom_id", 100);
        within("placeholder", 150);
        match fields.get("type").and_then(Value::as_u64) {
            Some(2) => within("label", 80),
            Some(4) => within("label", 45),
            _ => within("label", 100),
        }
        within("title", 45);
        if template.contains("commands") {
            within("name", 32);
            within("description", 100);
        }
        within("value", 100);
        within("nonce", 25);
    });
    wrong.extend(ids_twice(body));
    if template.ends_with("/commands") {
        wrong.extend(names_in_capitals(body));
    }
    wrong
}

/// As Discord may count: in UTF-16.
fn length(text: &str) -> usize {
    text.encode_utf16().count()
}

/// An id stands once in a message.
fn ids_twice(body: &Value) -> Vec<String> {
    let mut ids = Vec::new();
    each(body, &mut |fields| {
        ids.extend(
            fields
                .get("custom_id")
                .and_then(Value::as_str)
                .map(str::to_owned),
        );
    });
    ids.sort();
    let twice = ids.windows(2).filter(|pair| pair[0] == pair[1]);
    twice
        .map(|pair| format!("{} stands twice", pair[0]))
        .collect()
}

fn names_in_capitals(body: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    each(body, &mut |fields| {
        let localised = fields.get("name_localizations").and_then(Value::as_object);
        let names = fields
            .get("name")
            .into_iter()
            .chain(localised.into_iter().flat_map(|names| names.values()));
        let is_choice = !fields.contains_key("description");
        for name in names.filter_map(Value::as_str).filter(|_| !is_choice) {
            let is_word = name
                .chars()
                .all(|letter| letter.is_alphanumeric() || matches!(letter, '-' | '_' | 'ー'));
            if name.to_lowercase() != name || !is_word || name.is_empty() {
                wrong.push(format!("{name} is no name of a command"));
            }
        }
    });
    wrong
}

fn each(value: &Value, seen: &mut impl FnMut(&Map<String, Value>)) {
    match value {
        Value::Object(fields) => {
            seen(fields);
            for field in fields.values() {
                each(field, seen);
            }
        }
        Value::Array(items) => {
            for item in items {
                each(item, seen);
            }
        }
        _ => {}
    }
}

#[test]
fn the_description_refuses_what_discord_refuses() {
    let Some(specs) = specs() else {
        return;
    };
    let path = "/channels/1/messages";
    let judged = |body: Value| specs.request("POST", path, &body);
    let button = json!({"type": 2, "style": 2, "label": "はい", "custom_id": "yes"});
    let with = |button: &Value| json!({"content": "?", "components": [{"type": 1, "components": [button]}]});
    assert_eq!(judged(with(&button)), Vec::<String>::new());
    for (body, found) in [
        (json!({"content": 5}), "5 is not of type"),
        (json!({"content": "あ".repeat(2_001)}), "more than 2000"),
        (
            json!({"content": "a", "contents": "b"}),
            "contents is no field",
        ),
        (
            with(&json!({"type": 2, "style": 2, "label": "あ".repeat(81), "custom_id": "a"})),
            "more than 80",
        ),
        (
            with(&json!({"type": 2, "style": "red", "label": "a", "custom_id": "a"})),
            "red",
        ),
        (
            json!({"content": "?", "components": [{"type": 1, "components": [button, button]}]}),
            "yes stands twice",
        ),
    ] {
        let wrong = judged(body.clone()).join("\n");
        assert!(wrong.contains(found), "{body}: {wrong}");
    }
    assert!(specs.request("POST", "/nowhere", &Value::Null)[0].contains("not described"));
    assert!(specs.answer("POST", path, (200, &json!({"id": 1})))[0].contains("id"));
}
