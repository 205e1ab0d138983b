//! An entry script, judged by its text: whether the inference server could start it, and how it would answer
//! (learn.microsoft.com/azure/machine-learning/how-to-inference-server-http). It is never run.

use std::collections::BTreeSet;

mod modules;

pub(super) use modules::{is_standard, of_package};

/// What a script's text says.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Script {
    init: Option<Function>,
    run: Option<Function>,
    /// The first parts of the modules that it imports at its beginning.
    imports: BTreeSet<String>,
}

/// What a function's text says.
#[derive(Debug, Clone, Default, PartialEq)]
struct Function {
    /// The exception that every call raises.
    raises: Option<String>,
    /// The part of all calls that raise, if a `random()` decides it.
    rate: f64,
    /// The number of calls that it answers before it raises, if a counter decides it.
    lasts: Option<u64>,
    /// What `time.sleep` is called with.
    sleeps: f64,
}

/// Why the inference server could not start a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Flaw {
    /// `init` or `run` is missing.
    NoFunction(&'static str),
    /// A module that it imports is not there.
    NoModule(String),
    /// `init` raises.
    InitRaises(String),
}

impl Script {
    pub(super) fn parse(text: &str) -> Self {
        let lines: Vec<&str> = code_lines(text.trim_start_matches('\u{feff}'));
        let imports = lines
            .iter()
            .filter(|line| indent(line) == 0)
            .flat_map(|line| imported(line))
            .collect();
        Self {
            init: function(&lines, "init"),
            run: function(&lines, "run"),
            imports,
        }
    }

    /// What keeps it from starting, given the modules that exist; `None` for unknown modules.
    pub(super) fn flaw(&self, modules: Option<&BTreeSet<String>>) -> Option<Flaw> {
        let missing = modules.and_then(|modules| {
            let there = |module: &&String| modules.contains(*module) || is_standard(module);
            self.imports.iter().find(|module| !there(module))
        });
        if let Some(missing) = missing {
            return Some(Flaw::NoModule(missing.clone()));
        }
        let Some(init) = &self.init else {
            return Some(Flaw::NoFunction("init"));
        };
        if self.run.is_none() {
            return Some(Flaw::NoFunction("run"));
        }
        init.raises.clone().map(Flaw::InitRaises)
    }

    /// Seconds until it answers.
    pub(super) fn starts_in(&self) -> f64 {
        self.init.as_ref().map_or(0.0, |init| init.sleeps)
    }

    /// The part of all calls that `run` raises an exception for.
    pub(super) fn error_rate(&self) -> f64 {
        match &self.run {
            Some(run) if run.raises.is_some() => 1.0,
            Some(run) => run.rate,
            None => 0.0,
        }
    }

    /// The number of calls after which `run` raises for each further one.
    pub(super) fn lasts(&self) -> Option<u64> {
        self.run.as_ref().and_then(|run| run.lasts)
    }

    /// Seconds that each call takes at least.
    pub(super) fn takes(&self) -> f64 {
        self.run.as_ref().map_or(0.0, |run| run.sleeps)
    }
}

/// Lines with code: without comments, and without texts that span lines.
fn code_lines(text: &str) -> Vec<&str> {
    let mut within: Option<&str> = None;
    let mut kept = Vec::new();
    for line in text.lines() {
        if let Some(quotes) = within {
            if line.contains(quotes) {
                within = None;
            }
            continue;
        }
        let opened = ["\"\"\"", "'''"].into_iter().find(|quotes| line.contains(quotes));
        if let Some(quotes) = opened
            && line.matches(quotes).count() % 2 == 1
        {
            within = Some(quotes);
        }
        let code = line.trim();
        if !code.is_empty() && !code.starts_with('#') {
            kept.push(line);
        }
    }
    kept
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// The first parts of the modules in an `import` line.
fn imported(line: &str) -> Vec<String> {
    let code = line.trim().split('#').next().unwrap_or_default();
    let first = |name: &str| {
        let name = name.trim().split([' ', '.']).next().unwrap_or_default();
        (!name.is_empty()).then(|| name.to_string())
    };
    if let Some(names) = code.strip_prefix("import ") {
        return names.split(',').filter_map(first).collect();
    }
    match code.strip_prefix("from ") {
        // A relative import stays in the folder.
        Some(rest) if !rest.trim_start().starts_with('.') => first(rest).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// Reads a function of the module itself.
fn function(lines: &[&str], name: &str) -> Option<Function> {
    let begins = |line: &&str| {
        let code = line.strip_prefix("async ").unwrap_or(line);
        let rest = code.strip_prefix("def ").map(str::trim_start);
        rest.and_then(|rest| rest.strip_prefix(name))
            .is_some_and(|rest| rest.trim_start().starts_with('('))
    };
    let at = lines.iter().position(begins)?;
    let body: Vec<&str> = lines
        .iter()
        .skip(at + 1)
        .take_while(|line| indent(line) > 0)
        .copied()
        .collect();
    let depth = body.iter().map(|line| indent(line)).min().unwrap_or_default();
    let raises = body
        .iter()
        .find(|line| indent(line) == depth && is_raise(line))
        .map(|line| line.trim().to_string());
    let rate = body.windows(2).find_map(|pair| match pair {
        [condition, next] if is_raise(next) => random_below(condition),
        _ => None,
    });
    let lasts = body.windows(2).find_map(|pair| match pair {
        [condition, next] if is_raise(next) => counted_beyond(condition, &body),
        _ => None,
    });
    let sleeps = body.iter().find_map(|line| argument(line, "sleep("));
    Some(Function {
        raises,
        rate: rate.unwrap_or_default(),
        lasts,
        sleeps: sleeps.unwrap_or_default(),
    })
}

fn is_raise(line: &str) -> bool {
    let code = line.trim();
    code == "raise" || code.starts_with("raise ")
}

/// The number in `if random.random() < number:`.
fn random_below(line: &str) -> Option<f64> {
    let code = line.trim().strip_prefix("if ")?.strip_suffix(':')?;
    let (call, number) = code.split_once('<')?;
    let rate: f64 = number.trim().parse().ok()?;
    (call.trim().ends_with("random()") && (0.0..=1.0).contains(&rate)).then_some(rate)
}

/// The number in `if calls > number:`, if the function adds 1 to the global `calls` each time.
fn counted_beyond(condition: &str, body: &[&str]) -> Option<u64> {
    let code = condition.trim().strip_prefix("if ")?.strip_suffix(':')?;
    let (counter, number) = code.split_once('>')?;
    let counter = counter.trim();
    let has = |wanted: &str| body.iter().any(|line| line.trim() == wanted);
    let counts = has(&format!("global {counter}")) && has(&format!("{counter} += 1"));
    number.trim().parse().ok().filter(|_| counts)
}

/// The number in a call such as `time.sleep(2)`.
fn argument(line: &str, call: &str) -> Option<f64> {
    let (_, rest) = line.split_once(call)?;
    let number: f64 = rest.split(')').next()?.trim().parse().ok()?;
    (number.is_finite() && number >= 0.0).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOUND: &str = "import json\nimport numpy as np, os.path\nfrom sklearn.linear_model import Ridge\nfrom .own import x\n\n\"\"\"\ndef nothing():\n\"\"\"\ndef init():\n    global model\n    model = 1\n\nasync def run(data):\n    # raise\n    if bad:\n        raise ValueError(data)\n    return 1\n";

    fn modules(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_sound_script_has_no_flaw_when_its_modules_are_there() {
        let script = Script::parse(SOUND);
        assert_eq!(script.flaw(Some(&modules(&["numpy", "sklearn"]))), None);
        assert_eq!(script.flaw(None), None);
        let missing = script.flaw(Some(&modules(&["numpy"])));
        assert_eq!(missing, Some(Flaw::NoModule("sklearn".to_string())));
        assert_eq!(
            (script.error_rate(), script.takes(), script.starts_in()),
            (0.0, 0.0, 0.0)
        );
    }

    #[test]
    fn what_is_missing_or_raises_is_found() {
        let flaw = |text: &str| Script::parse(text).flaw(None);
        assert_eq!(flaw("def run(x):\n  pass\n"), Some(Flaw::NoFunction("init")));
        assert_eq!(
            flaw("def init():\n  pass\ndef running(x): pass\n"),
            Some(Flaw::NoFunction("run"))
        );
        let raises = flaw("def init():\n  raise RuntimeError('no model')\ndef run(x):\n  pass\n");
        assert_eq!(
            raises,
            Some(Flaw::InitRaises("raise RuntimeError('no model')".to_string()))
        );
        assert_eq!(flaw(""), Some(Flaw::NoFunction("init")));
    }

    #[test]
    fn errors_and_delays_of_run_are_read() {
        let run = |body: &str| Script::parse(&format!("def init(): pass\ndef run(x):\n{body}"));
        assert!((run("  raise ValueError()\n").error_rate() - 1.0).abs() < f64::EPSILON);
        let some = run("  if random.random() < 0.05:\n    raise ValueError()\n  time.sleep(0.2)\n");
        assert!((some.error_rate() - 0.05).abs() < f64::EPSILON);
        assert!((some.takes() - 0.2).abs() < f64::EPSILON);
        let counting = "  global calls\n  calls += 1\n  if calls > 40:\n    raise ValueError()\n";
        assert_eq!(run(counting).lasts(), Some(40));
        assert_eq!(run(&counting.replace("  calls += 1\n", "")).lasts(), None);
        assert!(run("  if random.random() < 7:\n    raise ValueError()\n").error_rate() < f64::EPSILON);
    }
}
