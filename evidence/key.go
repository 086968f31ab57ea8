package evidence

import (
	"fmt"
	"io"
	"regexp"

	"golang.org/x/mod/sumdb/note"
)

// logName is what a log may be called: no spaces or plus signs (signed note), and nothing that
// would have to be escaped somewhere.
var logName = regexp.MustCompile(`^[a-z0-9][a-z0-9._/-]{0,99}$`)

// NewKey makes an Ed25519 signing key for the log of that name from the random bytes of r: the
// signer's text, to be kept secret, and the verifier's, to be given to auditors. Both have the
// form of golang.org/x/mod/sumdb/note.
func NewKey(r io.Reader, name string) (signer, verifier string, err error) {
	if !logName.MatchString(name) {
		return "", "", fmt.Errorf("name of the log %.100q: want lower-case letters, digits and . _ / - (at most 100)", name)
	}
	return note.GenerateKey(r, name)
}
