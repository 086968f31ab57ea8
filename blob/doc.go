// Package blob keeps bodies of evidence: addressed by the SHA-256 of the plain bytes, packed in
// segments, encrypted.
//
// A segment is a sequence of frames, one for each batch. A frame is
//
//	"ASZSEG1\n"                    8 bytes
//	length of the header           4 bytes, big endian
//	header                         JSON: {"key": id of the wrapping key, "wrapped": data key, "salt": 32 bytes}
//	entries
//
// and an entry is
//
//	digest of the plain bytes      32 bytes
//	offset of the frame            8 bytes, big endian
//	number of the entry            8 bytes, big endian
//	length of the chunks           8 bytes, big endian
//	chunks                         each up to 1 MiB of plain bytes sealed by AES-256-GCM
//
// Each frame has a key of its own, derived by HKDF-SHA-256 from data key and salt. The nonce of a chunk is
// the number of its entry in the frame (8 bytes) and its own number (4 bytes, the highest bit marks the last
// one), its additional data the digest: a chunk cannot be moved, cut off or given to another body. Where an
// entry lies is known to the store of the ledger, which commits it after the segment is durable: what a crash
// leaves behind in a segment is referred to by nothing.
package blob
