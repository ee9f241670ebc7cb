//! The account of every raw file: what was read, and what became of it.

use std::collections::BTreeMap;

use super::raw::ImportError;

/// What became of the rows (or cells, in a wide table) of one raw file.
pub(crate) struct Account {
    /// The file, relative to the raw folder.
    pub(crate) file: String,
    /// What is counted: `rows` or `cells`.
    pub(crate) unit: &'static str,
    /// How many were read.
    pub(crate) read: usize,
    /// How many were carried over, by package.
    pub(crate) carried: BTreeMap<&'static str, usize>,
    /// Repeats of another row, found equal and dropped.
    pub(crate) repeats: usize,
    /// Second values or second sources, by package: they stand in `alternatives.csv`.
    pub(crate) alternatives: BTreeMap<&'static str, usize>,
    /// Everything else, by reason.
    pub(crate) left_out: BTreeMap<&'static str, usize>,
}

impl Account {
    pub(crate) fn new(file: &str, unit: &'static str, read: usize) -> Self {
        Self {
            file: file.to_owned(),
            unit,
            read,
            carried: BTreeMap::new(),
            repeats: 0,
            alternatives: BTreeMap::new(),
            left_out: BTreeMap::new(),
        }
    }

    /// Books rows as carried. A count of none still says that the file belongs to the package.
    pub(crate) fn carry(&mut self, package: &'static str, count: usize) {
        *self.carried.entry(package).or_default() += count;
    }

    pub(crate) fn repeat(&mut self, count: usize) {
        self.repeats += count;
    }

    pub(crate) fn set_aside(&mut self, package: &'static str, count: usize) {
        *self.alternatives.entry(package).or_default() += count;
    }

    pub(crate) fn leave_out(&mut self, reason: &'static str, count: usize) {
        if count > 0 {
            *self.left_out.entry(reason).or_default() += count;
        }
    }

    pub(crate) fn carried_in_all(&self) -> usize {
        self.carried.values().sum()
    }

    pub(crate) fn alternatives_in_all(&self) -> usize {
        self.alternatives.values().sum()
    }

    /// Whether the account says something about `package`.
    pub(crate) fn touches(&self, package: &str) -> bool {
        self.carried.contains_key(package) || self.alternatives.contains_key(package)
    }

    /// Fails unless every row read is accounted for once.
    pub(crate) fn balance(&self) -> Result<(), ImportError> {
        let left_out: usize = self.left_out.values().sum();
        let accounted = self.carried_in_all() + self.repeats + self.alternatives_in_all() + left_out;
        if accounted == self.read {
            return Ok(());
        }
        Err(ImportError::Unbalanced {
            file: self.file.clone(),
            unit: self.unit,
            read: self.read,
            accounted,
        })
    }

    /// The reasons in one line of text.
    pub(crate) fn reasons(&self) -> String {
        let reasons: Vec<_> = self
            .left_out
            .iter()
            .map(|(reason, count)| format!("{count} {reason}"))
            .collect();
        reasons.join("; ")
    }
}

/// The accounts of all files, in the order in which they were read.
#[derive(Default)]
pub(crate) struct Ledger {
    accounts: Vec<Account>,
}

impl Ledger {
    /// Adds an account, which must balance.
    pub(crate) fn close(&mut self, account: Account) -> Result<(), ImportError> {
        account.balance()?;
        self.accounts.push(account);
        Ok(())
    }

    pub(crate) fn accounts(&self) -> &[Account] {
        &self.accounts
    }

    pub(crate) fn knows(&self, file: &str) -> bool {
        self.accounts.iter().any(|account| account.file == file)
    }

    /// The accounts that touch a package, as a Markdown table for its README.
    pub(crate) fn markdown(&self, package: &str) -> String {
        let mut text = String::from(
            "| raw table | counted | read | carried here | carried elsewhere | repeats dropped | alternatives | left out |\n\
             |---|---|--:|--:|--:|--:|--:|---|\n",
        );
        for account in self.accounts.iter().filter(|account| account.touches(package)) {
            let here = account.carried.get(package).copied().unwrap_or_default();
            text.push_str(&format!(
                "| `{}` | {} | {} | {here} | {} | {} | {} | {} |\n",
                account.file,
                account.unit,
                account.read,
                account.carried_in_all() - here,
                account.repeats,
                account.alternatives_in_all(),
                account.reasons(),
            ));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_balances_only_when_every_row_is_booked() {
        let mut account = Account::new("raw.csv", "rows", 10);
        account.carry("a", 4);
        account.carry("b", 1);
        account.repeat(2);
        account.set_aside("a", 1);
        assert!(matches!(
            account.balance(),
            Err(ImportError::Unbalanced {
                read: 10,
                accounted: 8,
                ..
            })
        ));
        account.leave_out("blank in the source", 2);
        assert!(account.balance().is_ok());
        assert!(account.touches("b") && !account.touches("c"));
    }

    #[test]
    fn a_readme_lists_the_files_that_touch_its_package() {
        let mut ledger = Ledger::default();
        let mut account = Account::new("raw.csv", "rows", 3);
        account.carry("a", 1);
        account.leave_out("blank in the source", 2);
        ledger.close(account).unwrap();
        let row = "| `raw.csv` | rows | 3 | 1 | 0 | 0 | 0 | 2 blank in the source |\n";
        assert!(ledger.markdown("a").ends_with(row));
        assert!(!ledger.markdown("b").contains("raw.csv"));
    }
}
