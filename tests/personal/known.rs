//! The persons of the world, and what must not be seen of them.

use sealwright::identity::{Email, IdDocument, IdDocumentKind, Mobile, Person, PersonName};

/// A person as typed into a form: name, resident id, mobile, mail.
pub struct Known {
    pub name: &'static str,
    pub id_number: &'static str,
    pub mobile: &'static str,
    pub email: &'static str,
}

pub const ALICE: Known = Known {
    name: "艾丽思慕白",
    id_number: "110101199003070011",
    mobile: "13871625349",
    email: "alice.mubai@example.com",
};

pub const BOB: Known = Known {
    name: "鲍勃·买买提",
    id_number: "34052419800101001X",
    mobile: "19912345678",
    email: "bob.maimaiti@example.com",
};

pub const CAROL: Known = Known {
    name: "Carol O'Hara",
    id_number: "310101200002290015",
    mobile: "15598761234",
    email: "carol.ohara@example.com",
};

pub const EVERYBODY: [&Known; 3] = [&ALICE, &BOB, &CAROL];

impl Known {
    pub fn name(&self) -> PersonName {
        PersonName::parse(self.name).unwrap()
    }

    pub fn document(&self) -> IdDocument {
        IdDocument::parse(IdDocumentKind::ResidentId, self.id_number).unwrap()
    }

    pub fn mobile(&self) -> Mobile {
        Mobile::parse(self.mobile).unwrap()
    }

    pub fn email(&self) -> Email {
        Email::parse(self.email).unwrap()
    }

    pub fn person(&self) -> Person {
        Person::new(self.name(), self.document(), self.mobile())
    }

    /// What must not be seen: each fact, and the part of it that its mask hides.
    pub fn secrets(&self) -> Vec<String> {
        let local = self.email.split('@').next().unwrap();
        let without_first: String = self.name.chars().skip(1).collect();
        let middle = |text: &str| text[3..text.len() - 4].to_owned();
        vec![without_first, middle(self.id_number), self.mobile[3..].to_owned(), local.to_owned()]
    }
}
