//! Telegram's published description of its Bot API, by which all that our code
//! sends, and all that the fake answers, is judged; and the limits that stand
//! in its prose alone.
use crate::missing::left_out;
use jsonschema::{Resource, Validator};
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    fs,
    path::PathBuf,
    sync::{Arc, LazyLock, Mutex},
};

const FILE: &str = "telegram-bot-api.json";
const TEXT_UNITS_MAX: usize = 4_096;
const DATA_BYTES_MAX: usize = 64;
const BUTTONS_MAX: usize = 100;
const BUTTONS_IN_ROW_MAX: usize = 8;
const COMMANDS_MAX: usize = 100;

/// The description as schemas; None where it is not at hand.
static DESCRIPTION: LazyLock<Option<Description>> = LazyLock::new(|| {
    let found = Description::find();
    if found.is_none() {
        let missing = format!("{FILE}, KOEKAKE_TEST_SPECS names its folder");
        left_out("requests to Telegram by its description", &missing);
    }
    found
});

struct Description {
    schemas: Value,
    /// Made when they are first needed.
    validators: Mutex<HashMap<String, Arc<Validator>>>,
}

/// What is wrong with that request; nothing if all is well.
pub fn faults_of_request(method: &str, body: &Value) -> Vec<String> {
    let mut faults = faults_of_prose(method, body);
    if let Some(description) = DESCRIPTION.as_ref() {
        faults.extend(description.faults("requests", &method.to_lowercase(), body));
    }
    faults
        .iter()
        .map(|fault| format!("{method}: {fault}"))
        .collect()
}

/// What is wrong with what the fake answers to that method.
pub fn faults_of_answer(method: &str, result: &Value) -> Vec<String> {
    let description = DESCRIPTION.as_ref();
    description.map_or(Vec::new(), |description| {
        description.faults("answers", &method.to_lowercase(), result)
    })
}

/// What is wrong with an update of the fake's.
pub fn faults_of_update(update: &Value) -> Vec<String> {
    let description = DESCRIPTION.as_ref();
    description.map_or(Vec::new(), |description| {
        description.faults("$defs", "Update", update)
    })
}

impl Description {
    fn find() -> Option<Description> {
        let folder = std::env::var_os("KOEKAKE_TEST_SPECS").map_or_else(
            || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/specs"),
            PathBuf::from,
        );
        let text = fs::read_to_string(folder.join(FILE)).ok()?;
        let api: Value = serde_json::from_str(&text).expect("the description is JSON");
        Some(Description {
            schemas: schemas(&api),
            validators: Mutex::default(),
        })
    }

    fn faults(&self, kind: &str, name: &str, value: &Value) -> Vec<String> {
        if self.schemas[kind].get(name).is_none() {
            return vec![format!("{name} is not in the description")];
        }
        let validator = self.validator(kind, name);
        let errors = validator.iter_errors(value);
        errors
            .map(|error| format!("{}: {error}", error.instance_path))
            .collect()
    }

    fn validator(&self, kind: &str, name: &str) -> Arc<Validator> {
        let mut validators = self.validators.lock().expect("no panic while it is held");
        let key = format!("{kind}/{name}");
        let made = validators.entry(key).or_insert_with(|| {
            let whole = Resource::from_contents(self.schemas.clone()).expect("schemas");
            let validator = jsonschema::options()
                .with_draft(jsonschema::Draft::Draft202012)
                .with_resource("urn:telegram", whole)
                .build(&json!({"$ref": format!("urn:telegram#/{kind}/{name}")}));
            Arc::new(validator.expect("a schema"))
        });
        Arc::clone(made)
    }
}

/// One document: the types, and for each method what it takes and answers.
fn schemas(api: &Value) -> Value {
    let entries = |key: &str| {
        let all = api[key].as_object().expect("a table");
        all.iter().map(|(name, entry)| (name.clone(), entry))
    };
    let mut types: serde_json::Map<String, Value> = entries("types")
        .map(|(name, entry)| (name, type_schema(entry)))
        .collect();
    types.insert("InputFile".to_owned(), json!({"type": "string"}));
    let requests: serde_json::Map<String, Value> = entries("methods")
        .map(|(name, entry)| (name.to_lowercase(), object_schema(entry)))
        .collect();
    let answers: serde_json::Map<String, Value> = entries("methods")
        .map(|(name, entry)| (name.to_lowercase(), any_of(&entry["returns"])))
        .collect();
    json!({"$defs": types, "requests": requests, "answers": answers})
}

fn type_schema(entry: &Value) -> Value {
    match entry["subtypes"].as_array() {
        Some(subtypes) if !subtypes.is_empty() => any_of(&entry["subtypes"]),
        _ => object_schema(entry),
    }
}

fn object_schema(entry: &Value) -> Value {
    let fields = entry["fields"].as_array().cloned().unwrap_or_default();
    let name = |field: &Value| field["name"].as_str().expect("a name").to_owned();
    let properties: serde_json::Map<String, Value> = fields
        .iter()
        .map(|field| (name(field), any_of(&field["types"])))
        .collect();
    let required: Vec<String> = fields
        .iter()
        .filter(|field| field["required"] == true)
        .map(name)
        .collect();
    json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

fn any_of(types: &Value) -> Value {
    let names = types.as_array().expect("types").iter();
    let schemas: Vec<Value> = names
        .map(|name| named(name.as_str().expect("a type's name")))
        .collect();
    json!({ "anyOf": schemas })
}

fn named(name: &str) -> Value {
    if let Some(of) = name.strip_prefix("Array of ") {
        return json!({"type": "array", "items": named(of)});
    }
    match name {
        "Integer" => json!({"type": "integer"}),
        "String" => json!({"type": "string"}),
        "Boolean" => json!({"type": "boolean"}),
        "Float" => json!({"type": "number"}),
        _ => json!({"$ref": format!("#/$defs/{name}")}),
    }
}

/// The limits that the description states in words.
fn faults_of_prose(method: &str, body: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    let mut expect = |holds: bool, what: &str| {
        if !holds {
            faults.push(what.to_owned());
        }
    };
    if let Some(text) = body["text"].as_str() {
        let units = text.encode_utf16().count();
        let units_max = match method.to_lowercase().as_str() {
            "answercallbackquery" => 200,
            _ => TEXT_UNITS_MAX,
        };
        expect((1..=units_max).contains(&units), "the length of the text");
        expect(text.trim() == text, "space around the text");
        for entity in list(&body["entities"]) {
            let number = |key: &str| entity[key].as_u64().map_or(0, |n| n as usize);
            let (offset, length) = (number("offset"), number("length"));
            expect(length > 0 && offset + length <= units, "an entity outside");
        }
    }
    let rows = list(&body["reply_markup"]["inline_keyboard"]);
    let buttons: Vec<&Value> = rows.iter().flat_map(list).collect();
    expect(buttons.len() <= BUTTONS_MAX, "too many buttons");
    let is_short = |row: &Value| list(row).len() <= BUTTONS_IN_ROW_MAX;
    expect(rows.iter().all(is_short), "too many buttons in a row");
    for button in buttons {
        let data = button["callback_data"].as_str().unwrap_or_default();
        expect((1..=DATA_BYTES_MAX).contains(&data.len()), "callback data");
        expect(button["text"] != "", "a button without words");
    }
    let commands = list(&body["commands"]);
    expect(commands.len() <= COMMANDS_MAX, "too many commands");
    for command in commands {
        let name = command["command"].as_str().unwrap_or_default();
        let is_lower = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        let is_name = (1..=32).contains(&name.len()) && name.bytes().all(is_lower);
        expect(is_name, "the name of a command");
        let described = command["description"].as_str().unwrap_or_default();
        let length = described.chars().count();
        expect((1..=256).contains(&length), "the description of a command");
    }
    if let Some(limit) = body["limit"].as_u64() {
        expect((1..=100).contains(&limit), "the limit of updates");
    }
    faults
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

#[test]
fn what_the_description_and_its_prose_forbid_is_found() {
    let keyboard =
        |data: &str| json!({"inline_keyboard": [[{"text": "a", "callback_data": data}]]});
    let good = json!({"chat_id": 5, "text": "a", "reply_markup": keyboard("help")});
    assert_eq!(
        faults_of_request("SendMessage", &good),
        Vec::<String>::new()
    );
    for body in [
        json!({"chat_id": 5, "text": "💦".repeat(2_049)}),
        json!({"chat_id": 5, "text": ""}),
        json!({"chat_id": 5, "text": "a", "reply_markup": keyboard(&"d".repeat(65))}),
        json!({"chat_id": 5, "text": "a", "entities": [{"type": "bold", "offset": 1, "length": 1}]}),
    ] {
        assert_ne!(
            faults_of_request("SendMessage", &body),
            Vec::<String>::new()
        );
    }
    let named = json!({"commands": [{"command": "記録", "description": "a"}]});
    assert_ne!(
        faults_of_request("SetMyCommands", &named),
        Vec::<String>::new()
    );
    if DESCRIPTION.is_none() {
        return;
    }
    for body in [
        json!({"chat_id": 5}),
        json!({"chat_id": 5, "text": 7}),
        json!({"chat_id": 5, "text": "a", "reply_to_message_id": 3}),
    ] {
        assert_ne!(
            faults_of_request("SendMessage", &body),
            Vec::<String>::new()
        );
    }
    let no_chat = json!({"update_id": 1, "message": {"message_id": 1, "date": 1}});
    assert_ne!(faults_of_update(&no_chat), Vec::<String>::new());
}
