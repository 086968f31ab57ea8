package evidence

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// Checkpoint says what the tree was at one size: C2SP tlog-checkpoint.
type Checkpoint struct {
	// Origin names the log; it is the name of its key, too.
	Origin string `json:"origin"`
	Size   int64  `json:"size"`
	Root   Hash   `json:"root"`
	// Extensions are further lines, none empty.
	Extensions []string `json:"extensions,omitempty"`
}

// maxCheckpoint bounds the text of a checkpoint with its signatures.
const maxCheckpoint = 1 << 16

// Text is the body that is signed.
func (c *Checkpoint) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%d\n%s\n", c.Origin, c.Size, base64.StdEncoding.EncodeToString(c.Root[:]))
	for _, x := range c.Extensions {
		b.WriteString(x + "\n")
	}
	return b.String()
}

// Sign returns the checkpoint as a signed note.
func (c *Checkpoint) Sign(signers ...note.Signer) ([]byte, error) {
	signed, err := note.Sign(&note.Note{Text: c.Text()}, signers...)
	if err != nil {
		return nil, fmt.Errorf("sign checkpoint of size %d: %w", c.Size, err)
	}
	return signed, nil
}

// OpenCheckpoint verifies a signed checkpoint and parses it. The log's own key must have
// signed, once, under the origin as name; signatures of unknown keys are ignored, as the
// signed-note specification asks.
func OpenCheckpoint(signed []byte, log note.Verifier) (*Checkpoint, error) {
	if len(signed) > maxCheckpoint {
		return nil, fmt.Errorf("checkpoint: %d bytes, more than %d", len(signed), maxCheckpoint)
	}
	n, err := note.Open(signed, note.VerifierList(log))
	if err != nil {
		return nil, fmt.Errorf("checkpoint: %w", err)
	}
	if len(n.Sigs) != 1 {
		return nil, fmt.Errorf("checkpoint: want one signature of %s, there are %d", log.Name(), len(n.Sigs))
	}
	if err := oneSignature(signed, log); err != nil {
		return nil, fmt.Errorf("checkpoint: %w", err)
	}
	c, err := parseCheckpoint(n.Text)
	if err != nil {
		return nil, fmt.Errorf("checkpoint: %w", err)
	}
	if c.Origin != log.Name() {
		return nil, fmt.Errorf("checkpoint: its origin %q is not the name %q of the key", c.Origin, log.Name())
	}
	return c, nil
}

// oneSignature refuses what [note.Open] lets pass: a second signature of the log's key, which it skips, and signatures
// whose base64 has other bits behind its end.
func oneSignature(signed []byte, log note.Verifier) error {
	at := bytes.LastIndex(signed, []byte("\n\n"))
	own := 0
	for l := range strings.Lines(string(signed[at+2:])) {
		name, text, _ := strings.Cut(strings.TrimSuffix(strings.TrimPrefix(l, "\u2014 "), "\n"), " ")
		data, err := base64.StdEncoding.Strict().DecodeString(text)
		if err != nil || len(data) < 4 {
			return fmt.Errorf("the signature of %.100q is not in its one form", name)
		}
		if name == log.Name() && binary.BigEndian.Uint32(data) == log.KeyHash() {
			own++
		}
	}
	if own != 1 {
		return fmt.Errorf("want one signature of %s, there are %d", log.Name(), own)
	}
	return nil
}

func parseCheckpoint(text string) (*Checkpoint, error) {
	lines := strings.Split(text, "\n")
	if len(lines) < 4 || lines[len(lines)-1] != "" {
		return nil, errors.New("want lines of origin, size and root hash")
	}
	c := &Checkpoint{Origin: lines[0], Extensions: lines[3 : len(lines)-1]}
	var err error
	if c.Size, err = strconv.ParseInt(lines[1], 10, 64); err != nil || c.Size < 0 || strconv.FormatInt(c.Size, 10) != lines[1] {
		return nil, fmt.Errorf("size %.40q is no number in its shortest form", lines[1])
	}
	root, err := base64.StdEncoding.Strict().DecodeString(lines[2])
	if err != nil || len(root) != len(c.Root) {
		return nil, fmt.Errorf("root hash %.80q is no base64 of 32 bytes", lines[2])
	}
	copy(c.Root[:], root)
	for _, x := range c.Extensions {
		if x == "" {
			return nil, errors.New("an extension line is empty")
		}
	}
	if len(c.Extensions) == 0 {
		c.Extensions = nil
	}
	if c.Text() != text {
		return nil, errors.New("it is not in its one form")
	}
	return c, nil
}
