//! Clearing up after a run.

use super::*;
use berth_domain::provenance::Marks;

fn marks(made: &mut MadeFacts, spoil: impl FnOnce(&mut Marks)) {
    let Fact::Known(Some(now)) = &mut made.now else {
        panic!("it exists");
    };
    spoil(now);
}

fn blocking(code: &'static str, spoilt: Good) -> Row {
    told(code, Blocking, classic(clear_up()), spoilt)
}

pub(super) fn rows() -> Vec<Row> {
    let clears = classic(clear_up());
    let run = |run| facing(&clears, |facts| facts.change.run = run);
    let nothing = all_gone(&clears);
    let foreign = |id: &str| {
        let mut resources = made();
        resources.push(id.to_owned());
        classic(clear_up_of(resources, "rg-ml"))
    };
    let role = format!(
        "{}/providers/Microsoft.Authorization/roleAssignments/p-0",
        good::cluster().id
    );
    let kind = facing(&foreign(&role), |facts| {
        let Fact::Known(Some(run)) = &mut facts.change.run else {
            panic!("a run");
        };
        run.made.push(MadeFacts {
            resource_id: role.clone(),
            certain: true,
            now: Fact::Known(None),
            ..MadeFacts::default()
        });
    });
    let other = |made: &mut MadeFacts| marks(made, |now| now.identity = Some("2026-01-02T00:00:00Z".into()));
    vec![
        blocking("CLU-01", nothing.clone()),
        told("CLU-01.goes", Warning, nothing, clears.clone()),
        blocking("CLU-02", run(Fact::Known(None))),
        blocking("CLU-02", run(Fact::NotAsked)),
        blocking("CLU-02.unread", run(Fact::Unknown("no JSON".into()))),
        blocking("CLU-03", foreign("/subscriptions/s/resourceGroups/rg-theirs")),
        blocking(
            "CLU-03",
            foreign(&good::cluster().id.replace("aks-there", "aks-other")),
        ),
        blocking("CLU-03", foreign("no id")),
        blocking(
            "CLU-03.uncertain",
            with_made(&clears, 1, |made| made.certain = false),
        ),
        blocking("CLU-03.kind", kind),
        blocking(
            "CLU-03.unread",
            with_made(&clears, 1, |made| made.now = Fact::Unknown("403".into())),
        ),
        blocking(
            "CLU-03.tag",
            with_made(&clears, 1, |made| marks(made, |now| now.plan = None)),
        ),
        blocking(
            "CLU-03.tag",
            with_made(&clears, 3, |made| {
                marks(made, |now| now.plan = Some("p-9".into()))
            }),
        ),
        blocking("CLU-03.replaced", with_made(&clears, 1, other)),
        blocking("CLU-03.replaced", with_made(&clears, 2, other)),
        blocking(
            "CLU-03.unproven",
            with_made(&clears, 2, |made| made.identity = None),
        ),
        blocking(
            "CLU-04",
            with_made(&clears, 0, |made| {
                made.contents = Fact::Known(vec![Marks {
                    id: "/subscriptions/s/resourceGroups/rg-ml/providers/Microsoft.Storage/storageAccounts/theirs"
                        .into(),
                    ..Marks::default()
                }]);
            }),
        ),
        blocking(
            "CLU-04.unread",
            with_made(&clears, 0, |made| made.contents = Fact::Unknown("403".into())),
        ),
    ]
}

#[test]
fn a_resource_that_does_not_exist_is_no_obstacle() {
    let good = with_made(&classic(clear_up()), 3, |made| {
        made.certain = false;
        made.now = Fact::Known(None);
    });
    assert!(!codes(&good).iter().any(|code| code.starts_with("CLU-03")));
}
