package terraform

import (
	"archive/zip"
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"time"
)

// planHead is what a binary plan says of itself. Its values are in a form that changes from version to version;
// these fields have been the same in all versions that write the file as a zip (Terraform, planfile.proto).
type planHead struct {
	errored, targeted bool
	mode              uint64
	made              time.Time
}

// Modes of plans.
const (
	modeDestroy     = 1
	modeRefreshOnly = 2
)

// Numbers of the fields that are read, and the version of the form that they are of.
const (
	fieldVersion  = 1
	fieldTargets  = 5
	fieldMode     = 17
	fieldErrored  = 20
	fieldMade     = 21
	fieldDeferred = 27

	planFormVersion = 3
)

// maxHeadText bounds the texts that are read of a binary plan, in bytes; the others are passed over.
const maxHeadText = 1 << 10

// readHead reads the head of a binary plan.
func readHead(z *zip.Reader) (h planHead, err error) {
	f, err := z.Open("tfplan")
	if err != nil {
		return h, errors.New("it holds no plan (tfplan)")
	}
	defer f.Close() //nolint:errcheck // nothing was written
	r := bufio.NewReader(io.LimitReader(f, MaxInput))
	version := uint64(0)
	for {
		key, err := binary.ReadUvarint(r)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return h, fmt.Errorf("its plan (tfplan): %w", err)
		}
		number, text, err := headField(r, key)
		if err != nil {
			return h, fmt.Errorf("its plan (tfplan): %w", err)
		}
		switch key >> 3 {
		case fieldVersion:
			version = number
		case fieldTargets, fieldDeferred:
			h.targeted = true
		case fieldMode:
			h.mode = number
		case fieldErrored:
			h.errored = number != 0
		case fieldMade:
			h.made, _ = time.Parse(time.RFC3339, text) // not known where it is none
		}
	}
	if version != planFormVersion {
		return h, fmt.Errorf("its plan (tfplan) is of version %d, and version %d is known here", version, planFormVersion)
	}
	return h, nil
}

// headField reads the value of a field, by its key.
func headField(r *bufio.Reader, key uint64) (number uint64, text string, err error) {
	size := uint64(0)
	switch key & 7 {
	case 0:
		number, err = binary.ReadUvarint(r)
		return number, "", err
	case 1:
		size = 8
	case 2:
		if size, err = binary.ReadUvarint(r); err != nil {
			return 0, "", err
		}
	case 5:
		size = 4
	default:
		return 0, "", errors.New("it is in a form that is not known here")
	}
	if size <= maxHeadText {
		data := make([]byte, size)
		_, err = io.ReadFull(r, data)
		return 0, string(data), err
	}
	if size > MaxInput {
		return 0, "", errTooLarge
	}
	_, err = io.CopyN(io.Discard, r, int64(size))
	return 0, "", err
}

// Made is when the plan was made, where the text is that of a binary plan which says so.
func (t *Text) Made() time.Time { return t.head.made }

// unfit says why a binary plan must not be judged, or not be taken for whole, without its JSON: what it does is
// not read, only what it was made of.
func (t *Text) unfit(o *Options) (refused bool, err error) {
	switch {
	case t.head.mode == modeDestroy:
		return true, errors.New("it is a plan that destroys everything (-destroy), and what it was made of says nothing about that: " +
			"give the output of `terraform show -json` on it")
	case t.head.mode == modeRefreshOnly:
		return true, errors.New("it only refreshes the state (-refresh-only) and changes nothing that could be judged")
	case t.head.errored:
		return false, ErrErrored
	case t.head.targeted && !o.AllowIncomplete:
		return false, ErrIncomplete
	}
	return false, nil
}
