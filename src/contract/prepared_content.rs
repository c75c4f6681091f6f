//! What in a document may be made for a later swap (R-DOC-07): each kind is acknowledged by its own code.

macro_rules! kinds {
    ($($name:ident $code:literal $doc:literal;)*) => {
        /// A kind of content that may be made for a later swap: it is switched to after somebody signed
        /// what hid it. Each has honest uses, and each is acknowledged by itself.
        ///
        /// ```
        /// use sealwright::contract::{PreparedContent, WarningCode};
        /// let code = WarningCode::DocumentPrepared(PreparedContent::HiddenText);
        /// assert_eq!(code.code(), "W-PREP-HIDDEN-TEXT");
        /// assert_eq!("W-PREP-HIDDEN-TEXT".parse(), Ok(code));
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum PreparedContent {
            $(#[doc = $doc] $name,)*
        }

        impl PreparedContent {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The code of its warning.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }
        }
    };
}

kinds! {
    HiddenText "W-PREP-HIDDEN-TEXT" "Text under an image or a filled area.";
    TextUnderAnnotation "W-PREP-TEXT-UNDER-ANNOTATION" "Text under an opaque annotation or field.";
    InvisibleText "W-PREP-INVISIBLE-TEXT" "Invisible text where there is no scan.";
    SameColourText "W-PREP-SAME-COLOUR-TEXT" "Text in the colour of its ground.";
    TinyText "W-PREP-TINY-TEXT" "Text too small to be read.";
    ClippedText "W-PREP-CLIPPED-TEXT" "Text that is clipped away.";
    TextInHiddenLayer "W-PREP-TEXT-IN-HIDDEN-LAYER" "Text in a layer that is off.";
    LayerSwitches "W-PREP-LAYER-SWITCHES" "A layer that is not the same on paper.";
    OrphanPage "W-PREP-ORPHAN-PAGE" "A page that is not shown.";
    OrphanContent "W-PREP-ORPHAN-CONTENT" "Content that no page shows.";
    TwinFont "W-PREP-TWIN-FONT" "An unused font that resembles one in use.";
    TwinXObject "W-PREP-TWIN-XOBJECT" "An unused image or form that resembles one in use.";
    DuplicateObject "W-PREP-DUPLICATE-OBJECT" "A second body of an object in the bytes.";
    FieldValue "W-PREP-FIELD-VALUE" "A field that shows something other than its value.";
    NeedAppearances "W-PREP-NEED-APPEARANCES" "Filled fields that each viewer draws anew.";
    HiddenAnnotation "W-PREP-HIDDEN-ANNOTATION" "A hidden annotation with an appearance.";
    FontContradicts "W-PREP-FONT-CONTRADICTS" "A font whose glyphs and text disagree.";
    External "W-PREP-EXTERNAL" "Content that is taken from elsewhere.";
    Unreadable "W-PREP-UNREADABLE" "Content that cannot be read.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_doc_07_each_kind_of_prepared_content_has_a_code_of_its_own() {
        let codes: std::collections::BTreeSet<_> =
            PreparedContent::ALL.iter().map(|kind| kind.code()).collect();
        assert_eq!(codes.len(), PreparedContent::ALL.len());
        assert!(codes.iter().all(|code| code.starts_with("W-PREP-")));
    }
}
