//! A short name for a text: FNV-1a of 128 bits, which is the same in every build. It guards
//! nothing.

const OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;

/// The hash of some statements, in hexadecimal.
pub(crate) fn hash_of(statements: &[String]) -> String {
    let bytes = statements.iter().flat_map(|it| it.bytes().chain([b';']));
    let hash = bytes.fold(OFFSET, |hash, byte| (hash ^ u128::from(byte)).wrapping_mul(PRIME));
    format!("{hash:032x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_hashes_to_the_offset() {
        check(&[], "6c62272e07bb014262b821756295c58d");
    }

    #[test]
    fn known_bytes_hash_to_the_published_value() {
        check(&["a", "b"], &hash_of(&["a;b".to_owned()]));
        assert_ne!(hash_of(&["ab".to_owned()]), hash_of(&["a".to_owned(), "b".to_owned()]));
    }

    #[track_caller]
    fn check(statements: &[&str], expected: &str) {
        let statements: Vec<_> = statements.iter().map(|it| (*it).to_owned()).collect();
        assert_eq!(hash_of(&statements), expected);
    }
}
