//! What sets, priority lists, the register of documents and coded clauses say: counted, so exact.

use quyu_core::policy::{Coding, Item, Policy};

use super::measure::{Found, Measure, Measured, Stop};
use super::place::{inside, listed, parts, regions};

/// An item, its list and its number.
type Listed<'a> = (&'a str, &'a str, &'a Item);

impl Measure<'_> {
    fn policy(&self) -> &Policy {
        &self.study.atlas.policy
    }

    /// The clauses of the documents named, as the first coder has them.
    fn clauses(&self) -> impl Iterator<Item = &Coding> {
        let named = |document: &str| parts(&self.trial.of).any(|d| d == document);
        let own = self
            .policy()
            .clauses
            .iter()
            .filter(move |((document, _), _)| named(document));
        own.map(|(_, coding)| coding)
    }

    pub(super) fn members(&self) -> Measured {
        let set = regions(&self.study.atlas, &self.trial.of)?;
        let found = Found::counted(
            set.members().len() as f64,
            "members",
            "sets of the data".to_owned(),
        );
        Ok((self.defined(format!("Members of {}", inside(&set))), found))
    }

    /// The items of `LIST` or `LIST/category`, several joined by plus signs.
    fn listed(&self) -> Result<Vec<Listed<'_>>, Stop> {
        let mut found = Vec::new();
        for part in parts(&self.trial.of) {
            let (list, category) = part.split_once('/').map_or((part, None), |(l, c)| (l, Some(c)));
            let before = found.len();
            let items = self.policy().items_of(list).into_iter();
            let wanted = items.filter(|(_, i)| category.is_none_or(|c| i.category == c));
            found.extend(wanted.map(|(number, item)| (list, number, item)));
            if found.len() == before {
                return Err(Stop::Malformed(format!("no list at hand has items of `{part}`")));
            }
        }
        Ok(found)
    }

    /// The lists in words: whose, of which year, which category.
    fn lists_in_words(&self) -> String {
        let name = |part: &str| {
            let (id, category) = part.split_once('/').map_or((part, None), |(l, c)| (l, Some(c)));
            let list = self.policy().lists.get(id).map_or_else(
                || id.to_owned(),
                |l| format!("the list of {}, {}", l.region_name, l.year),
            );
            match category {
                Some(category) => format!("{list} ({})", category.replace('_', " ")),
                None => list,
            }
        };
        listed(&parts(&self.trial.of).map(name).collect::<Vec<_>>())
    }

    /// The lists named, on both sides.
    fn list_ids(&self) -> Vec<String> {
        let both = parts(&self.trial.of).chain(parts(&self.trial.against));
        both.map(|part| part.split('/').next().unwrap_or(part).to_owned())
            .collect()
    }

    /// The documents in words: the number of one, how many there are of several.
    fn documents_in_words(&self) -> String {
        let ids: Vec<&str> = parts(&self.trial.of).collect();
        match ids.as_slice() {
            [id] => {
                let document = self.policy().documents.get(*id);
                document.map_or(*id, |d| d.label()).to_owned()
            }
            several => format!("{} documents", several.len()),
        }
    }

    pub(super) fn items(&self) -> Measured {
        let items = self.listed()?;
        let mut found = Found::counted(items.len() as f64, "items", "priority lists".to_owned());
        found.remark = listed(&items.iter().map(|(.., i)| i.name_en.clone()).collect::<Vec<_>>());
        found.lists = self.list_ids();
        Ok((self.defined(format!("Items of {}", self.lists_in_words())), found))
    }

    pub(super) fn contained(&self) -> Measured {
        let items = self.listed()?;
        let schemes: Vec<&str> = parts(&self.trial.against).collect();
        let priorities = &self.study.atlas.relations.priorities;
        if let Some(unknown) = schemes
            .iter()
            .find(|s| !priorities.iter().any(|p| p.scheme == **s))
        {
            return Err(Stop::Malformed(format!(
                "no item at hand touches a code of `{unknown}`"
            )));
        }
        let touches = |(list, number, _): &Listed<'_>| {
            let mut own = priorities.iter().filter(|p| p.list == *list && p.item == *number);
            own.any(|p| schemes.contains(&p.scheme.as_str()))
        };
        let (inside, outside): (Vec<Listed<'_>>, Vec<Listed<'_>>) = items.iter().partition(|i| touches(i));
        let value = inside.len() as f64 / items.len() as f64 * 100.0;
        let mut found = Found::counted(value, "%", "crosswalk of priority lists".to_owned());
        found.lists = self.list_ids();
        let names: Vec<String> = outside.iter().map(|(.., i)| i.name_en.clone()).collect();
        found.remark = match names.is_empty() {
            true => format!("all {} items have a counterpart", items.len()),
            false => format!("no counterpart: {}", listed(&names)),
        };
        let text = format!(
            "Items of {} with a counterpart in {}",
            self.lists_in_words(),
            schemes.join(" or ")
        );
        Ok((self.defined(text), found))
    }

    pub(super) fn issued(&self) -> Measured {
        let id = &self.trial.of;
        let document = self.policy().documents.get(id);
        let document = document.ok_or_else(|| Stop::Malformed(format!("there is no document `{id}`")))?;
        let text = self.defined(format!("Year of issue: {}", document.label()));
        if document.text_basis == "not_found" {
            return Err(Stop::Lacks(
                text,
                "a text of the document, or a page that dates it".to_owned(),
            ));
        }
        let year = document.issued.get(..4).and_then(|y| y.parse::<f64>().ok());
        let year = year.ok_or_else(|| Stop::Malformed(format!("`{}` has no year", document.issued)))?;
        let mut found = Found::counted(year, "year", "register of documents".to_owned());
        found.remark = format!("{} is of {}", document.label(), document.issued);
        Ok((text, found))
    }

    pub(super) fn coded(&self) -> Measured {
        let code = &self.trial.against;
        let own: Vec<&Coding> = self.clauses().collect();
        if own.is_empty() {
            return Err(Stop::Malformed(format!(
                "no clause of `{}` is coded",
                self.trial.of
            )));
        }
        let with = own
            .iter()
            .filter(|c| c.primary == *code || c.secondary.contains(code))
            .count();
        let mut found = Found::counted(with as f64, "clauses", "coded clauses (pilot)".to_owned());
        found.out_of = Some(own.len());
        Ok((
            self.defined(format!("Clauses coded {code} in {}", self.documents_in_words())),
            found,
        ))
    }

    pub(super) fn vague(&self) -> Measured {
        let code = &self.trial.against;
        let own: Vec<&Coding> = self.clauses().filter(|c| c.primary == *code).collect();
        if own.is_empty() {
            return Err(Stop::Malformed(format!(
                "no clause of `{}` has the primary code {code}",
                self.trial.of
            )));
        }
        let vague = own.iter().filter(|c| c.concreteness == 0).count();
        let value = vague as f64 / own.len() as f64 * 100.0;
        let mut found = Found::counted(value, "%", "coded clauses (pilot)".to_owned());
        found.remark = format!("{vague} of {} clauses", own.len());
        Ok((
            self.defined(format!(
                "Clauses with the primary code {code} that name no measure, in {}",
                self.documents_in_words()
            )),
            found,
        ))
    }
}
