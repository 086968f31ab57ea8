// Package snapshot keeps a collection in a file, and what an unfinished one has
// gathered in a folder.
//
// A snapshot is lines of JSON, gzipped when written and read both ways; see
// docs/snapshot.md. The same content gives the same bytes, and the file appears whole or
// not at all. [Journal] is what a run that was killed goes on from.
package snapshot
