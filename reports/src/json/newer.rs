//! Evidence of a newer minor version: what this version does not know is left out, and named.

use crate::evidence::Evidence;
use serde_json::Value;

/// Takes out every field that this version's schema does not have; returns their places as JSON pointers.
pub(super) fn without_unknown(evidence: &mut Value) -> Vec<String> {
    let root = schemars::schema_for!(Evidence).to_value();
    let mut unknown = Vec::new();
    walk(&root, &root, evidence, String::new(), &mut unknown);
    unknown
}

fn walk(root: &Value, schema: &Value, value: &mut Value, path: String, unknown: &mut Vec<String>) {
    let mut branches = Vec::new();
    expand(root, schema, &mut branches);
    match value {
        Value::Object(map) => {
            let object = |branch: &&Value| {
                branch.get("properties").or(branch.get("additionalProperties")).is_some() && fits(branch, map)
            };
            let Some(schema) = branches.into_iter().find(object) else { return };
            let known = |key: &str| {
                schema.get("properties").and_then(|known| known.get(key)).or_else(|| {
                    // `false`: no further field. A schema: a map of such values.
                    schema.get("additionalProperties").filter(|rest| !rest.is_boolean())
                })
            };
            let closed = schema.get("additionalProperties") == Some(&Value::Bool(false));
            for key in map.keys().cloned().collect::<Vec<_>>() {
                let place = format!("{path}/{}", key.replace('~', "~0").replace('/', "~1"));
                match (known(&key), map.get_mut(&key)) {
                    (Some(schema), Some(inner)) => walk(root, schema, inner, place, unknown),
                    (None, _) if closed => {
                        map.remove(&key);
                        unknown.push(place);
                    }
                    _ => {}
                }
            }
        }
        Value::Array(list) => {
            let Some(items) = branches.into_iter().find_map(|branch| branch.get("items")) else { return };
            for (at, inner) in list.iter_mut().enumerate() {
                walk(root, items, inner, format!("{path}/{at}"), unknown);
            }
        }
        _ => {}
    }
}

/// Whether the fields that say which of several alternatives an object is say that it is this one.
fn fits(branch: &Value, map: &serde_json::Map<String, Value>) -> bool {
    let mut properties = branch.get("properties").and_then(Value::as_object).into_iter().flatten();
    properties.all(|(name, schema)| schema.get("const").is_none_or(|wanted| map.get(name) == Some(wanted)))
}

/// A schema and all that it refers to, as alternatives.
fn expand<'a>(root: &'a Value, schema: &'a Value, branches: &mut Vec<&'a Value>) {
    branches.push(schema);
    if let Some(place) = schema.get("$ref").and_then(Value::as_str).and_then(|place| place.strip_prefix('#'))
        && let Some(target) = root.pointer(place)
    {
        expand(root, target, branches);
    }
    for kind in ["anyOf", "oneOf", "allOf"] {
        let several = schema.get(kind).and_then(Value::as_array).into_iter().flatten();
        several.for_each(|branch| expand(root, branch, branches));
    }
}
