package evidence

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"sync"
)

// Digest is the SHA-256 of plain bytes. Its text form is "sha256:" and 64 lower-case
// hexadecimal digits.
type Digest [sha256.Size]byte

const digestPrefix = "sha256:"

// DigestOf returns the digest of data.
func DigestOf(data []byte) Digest { return sha256.Sum256(data) }

// DigestReader returns the digest and the length of all that r yields.
func DigestReader(r io.Reader) (Digest, int64, error) {
	h := sha256.New()
	buf, _ := buffers.Get().(*[1 << 15]byte)
	defer buffers.Put(buf)
	n, err := io.CopyBuffer(h, struct{ io.Reader }{r}, buf[:])
	return Digest(h.Sum(nil)), n, err
}

// buffers are used again: a report has a hundred thousand small bodies.
var buffers = sync.Pool{New: func() any { return new([1 << 15]byte) }}

// ParseDigest reads the text form; upper case, spaces and other algorithms are refused.
func ParseDigest(s string) (Digest, error) {
	var d Digest
	rest, ok := strings.CutPrefix(s, digestPrefix)
	if !ok || len(rest) != hex.EncodedLen(len(d)) || strings.ToLower(rest) != rest {
		return d, fmt.Errorf("digest %.80q: want sha256: and 64 lower-case hexadecimal digits", s)
	}
	if _, err := hex.Decode(d[:], []byte(rest)); err != nil {
		return d, fmt.Errorf("digest %.80q: %w", s, err)
	}
	return d, nil
}

// String is the text form.
func (d Digest) String() string { return digestPrefix + d.Hex() }

// Hex is the 64 digits alone, as in-toto writes them.
func (d Digest) Hex() string { return hex.EncodeToString(d[:]) }

// MarshalText is the text form.
func (d Digest) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads the text form.
func (d *Digest) UnmarshalText(text []byte) error {
	parsed, err := ParseDigest(string(text))
	if err == nil {
		*d = parsed
	}
	return err
}

// IsZero reports whether d is the digest of nothing that was ever hashed.
func (d Digest) IsZero() bool { return d == Digest{} }
