//! Files that modules keep beside the database: bytes under names of our own making, in the data
//! directory. Processes that share a database share that directory.
//!
//! **Invariant:** a file is there whole or not at all, and on the disk when it is there.

use std::{fs, io, path::Path, pin::pin};

use bytes::Bytes;
use futures_util::{Stream, StreamExt, TryStreamExt, stream::BoxStream};
use object_store::{ObjectStoreExt, WriteMultipart, local::LocalFileSystem, path::Path as Key};
use orm::Uuid;

use crate::{Error, Result};

/// Bytes at its beginning that are kept of a file to see what it is.
const HEAD_BYTES: usize = 64;

/// Pieces of a file that wait for the disk.
const PIECES_WAITING: usize = 2;

/// The files of an installation.
#[derive(Debug)]
pub struct FileStore(LocalFileSystem);

/// A file that was put away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFile {
    /// In bytes.
    pub size: u64,
    /// How it begins.
    pub head: Vec<u8>,
}

impl FileStore {
    /// The files in a directory, which is made if it is not there.
    ///
    /// # Errors
    /// Unavailable when it cannot be made.
    pub fn open(directory: &Path) -> Result<Self> {
        let opened = fs::create_dir_all(directory)
            .map_err(away)
            .and_then(|()| LocalFileSystem::new_with_prefix(directory).map_err(away))?;
        Ok(Self(opened.with_fsync(true)))
    }

    /// Puts a file into a folder, under a key that no other has. Nothing is left of one that breaks
    /// off.
    ///
    /// # Errors
    /// That of `bytes`, as it is; unavailable when the disk does not take it.
    pub async fn put(
        &self,
        (folder, key): (&str, Uuid),
        bytes: impl Stream<Item = Result<Bytes>>,
    ) -> Result<StoredFile> {
        let mut file = StoredFile { size: 0, head: Vec::new() };
        let upload = self.0.put_multipart(&path(folder, key)).await.map_err(away)?;
        let mut writer = WriteMultipart::new(upload);
        let mut bytes = pin!(bytes);
        while let Some(piece) = bytes.next().await {
            let piece = match piece {
                Ok(piece) => piece,
                Err(error) => {
                    let _ = writer.abort().await;
                    return Err(error);
                }
            };
            file.size += piece.len() as u64;
            let missing = HEAD_BYTES.saturating_sub(file.head.len());
            file.head.extend(piece.iter().take(missing));
            writer.put(piece);
            writer.wait_for_capacity(PIECES_WAITING).await.map_err(away)?;
        }
        writer.finish().await.map_err(away)?;
        Ok(file)
    }

    /// The bytes of a file.
    ///
    /// # Errors
    /// Missing when it is not there, unavailable when the disk does not give it.
    pub async fn read(
        &self,
        (folder, key): (&str, Uuid),
    ) -> Result<BoxStream<'static, io::Result<Bytes>>> {
        match self.0.get(&path(folder, key)).await {
            Ok(found) => Ok(found.into_stream().map_err(io::Error::other).boxed()),
            Err(object_store::Error::NotFound { .. }) => Err(Error::not_found()),
            Err(error) => Err(away(error)),
        }
    }

    /// Takes a file away; one that is not there is no fault.
    ///
    /// # Errors
    /// Unavailable when the disk does not let it go.
    pub async fn delete(&self, (folder, key): (&str, Uuid)) -> Result<()> {
        match self.0.delete(&path(folder, key)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(away(error)),
        }
    }
}

fn path(folder: &str, key: Uuid) -> Key {
    Key::from_iter([folder, &key.to_string()])
}

fn away(fault: impl std::error::Error) -> Error {
    Error::unavailable(format!("files cannot be kept: {fault}"))
}

#[cfg(test)]
mod tests {
    use futures_util::stream;

    use super::*;

    #[tokio::test]
    async fn a_file_is_there_whole_or_not_at_all() {
        let directory = std::env::temp_dir().join(format!("artel_files_{}", Uuid::new_v4()));
        let store = FileStore::open(&directory).unwrap();
        let pieces = (0..3).map(|it| Ok(Bytes::from(vec![it; 7_000_000])));
        let file = ("chat", Uuid::new_v4());
        let kept = store.put(file, stream::iter(pieces)).await.unwrap();
        assert_eq!((kept.size, kept.head), (21_000_000, vec![0; HEAD_BYTES]));
        let read: Vec<Bytes> = store.read(file).await.unwrap().try_collect().await.unwrap();
        let read = read.concat();
        assert_eq!((read.len(), read[6_999_999], read[7_000_000]), (21_000_000, 0, 1));

        let broken = [Ok(Bytes::from(vec![7; 7_000_000])), Err(Error::not_found())];
        let refused = store.put(("chat", Uuid::new_v4()), stream::iter(broken)).await.unwrap_err();
        assert!(refused.is_missing());
        assert_eq!(fs::read_dir(directory.join("chat")).unwrap().count(), 1, "a part was left");

        store.delete(file).await.unwrap();
        store.delete(file).await.unwrap();
        assert!(store.read(file).await.err().unwrap().is_missing());
        fs::remove_dir_all(directory).unwrap();
    }
}
