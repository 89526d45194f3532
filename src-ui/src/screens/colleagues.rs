//! Colleagues who may be named as crew or as supervisor of the night: as chips, or by collar number typed with or without the rank.

use beatbook_domain::id::{Code, OfficerId};
use beatbook_protocol::ipc::Colleague;
use leptos::prelude::*;

use crate::app::Shell;
use crate::components::choices::Choice;
use crate::components::icon::Glyph;

/// Everybody on the roster held on this phone but the officer.
pub fn colleagues(shell: Shell) -> Vec<Colleague> {
    let me = shell.session().with(|session| session.as_ref().map(|session| session.officer));
    let all = shell.lists().with(|lists| lists.as_ref().map(|l| l.colleagues.clone()).unwrap_or_default());
    all.into_iter().filter(|colleague| Some(colleague.officer) != me).collect()
}

/// Those of them who supervise, of the officer's own team first.
pub fn supervisors(shell: Shell) -> Vec<Colleague> {
    shell.lists().with(|lists| lists.as_ref().map(|lists| lists.supervisors.clone()).unwrap_or_default())
}

/// Colleagues as chips; the code of each is the collar number.
pub fn as_choices(colleagues: Vec<Colleague>) -> Vec<Choice> {
    let chip =
        |colleague: Colleague| Choice::new(colleague.collar.as_str(), colleague.title).glyph(Glyph::Person);
    colleagues.into_iter().map(chip).collect()
}

/// The colleague with this collar number, typed with or without the rank.
pub fn find(colleagues: &[Colleague], typed: &str) -> Option<Colleague> {
    let typed = typed.trim();
    colleagues
        .iter()
        .find(|colleague| colleague.collar == typed || colleague.title.eq_ignore_ascii_case(typed))
        .cloned()
}

/// The officers behind collar numbers.
pub fn members(colleagues: &[Colleague], collars: &[Code]) -> Vec<OfficerId> {
    collars
        .iter()
        .filter_map(|collar| colleagues.iter().find(|colleague| colleague.collar == collar.as_str()))
        .map(|colleague| colleague.officer)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_collar_number_is_found_with_or_without_the_rank() {
        let colleague = |byte: u8, collar: &str| Colleague {
            officer: OfficerId::from_bytes([byte; 16]),
            title: format!("PC {collar}"),
            collar: collar.to_owned(),
        };
        let all = [colleague(1, "1377"), colleague(2, "1482")];
        assert_eq!(find(&all, " 1377 ").map(|c| c.officer), Some(all[0].officer));
        assert_eq!(find(&all, "pc 1482").map(|c| c.officer), Some(all[1].officer));
        assert_eq!(find(&all, "137"), None);
        assert_eq!(members(&all, &[Code::from("1482"), Code::from("9999")]), [all[1].officer]);
    }
}
