package snapshot

import (
	"bufio"
	"bytes"
	"cmp"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"strings"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
)

// maxLine bounds one line; a record of AWS is far below a megabyte.
const maxLine = 16 << 20

// Read reads a snapshot, compressed or not. Its errors name the file, the line, and
// what was expected there; a file that is not whole is not read in part.
func Read(path string) (*collect.Collection, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read snapshot: %w", err)
	}
	defer f.Close() //nolint:errcheck // it was only read
	c, err := Decode(path, f)
	if err != nil {
		return nil, err
	}
	return c, nil
}

// Decode reads a snapshot from r; name stands in its errors.
func Decode(name string, r io.Reader) (*collect.Collection, error) {
	buffered := bufio.NewReaderSize(r, 1<<16)
	if magic, _ := buffered.Peek(2); bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(buffered)
		if err != nil {
			return nil, fmt.Errorf("%s:1: want a gzip file: %w", name, err)
		}
		buffered = bufio.NewReaderSize(z, 1<<16)
	}
	d := &decoder{in: buffered, sum: sha256.New(), out: &collect.Collection{}}
	if err := d.all(); err != nil {
		return nil, fmt.Errorf("%s:%d: %w", name, d.number, err)
	}
	return d.out, nil
}

// decoder reads lines and puts them together.
type decoder struct {
	in     *bufio.Reader
	sum    hash.Hash
	number int
	out    *collect.Collection
	last   *assize.Record
}

var errTruncated = errors.New("want the line that ends a snapshot; the file was cut off here")

func (d *decoder) all() error {
	text, err := d.next()
	if err != nil {
		if errors.Is(err, io.EOF) {
			return errors.New("want a snapshot, the file is empty")
		}
		return err
	}
	if err := d.header(text); err != nil {
		return err
	}
	for {
		text, err := d.next()
		if errors.Is(err, io.EOF) {
			return errTruncated
		}
		if err != nil {
			return err
		}
		sum := hex.EncodeToString(d.sum.Sum(nil))
		var l line
		if err := strict(text, &l); err != nil {
			return fmt.Errorf("want a record, coverage, gap or end: %w", err)
		}
		if l.End != nil {
			return d.end(&l, sum)
		}
		d.sum.Write(text)
		if err := d.line(&l); err != nil {
			return err
		}
	}
}

// next returns the next line with its end; io.EOF after the last.
func (d *decoder) next() ([]byte, error) {
	d.number++
	var text []byte
	for {
		part, err := d.in.ReadSlice('\n')
		text = append(text, part...)
		switch {
		case len(text) > maxLine:
			return nil, fmt.Errorf("want lines of at most %d bytes", maxLine)
		case err == nil:
			return text, nil
		case errors.Is(err, bufio.ErrBufferFull):
		case errors.Is(err, io.EOF) && len(text) > 0, errors.Is(err, io.ErrUnexpectedEOF):
			return nil, errTruncated
		default:
			return nil, err
		}
	}
}

func (d *decoder) header(text []byte) error {
	// Only what every version has, first: a later version may have other fields.
	var any struct {
		Format  string `json:"format"`
		Version int    `json:"version"`
	}
	if err := json.Unmarshal(text, &any); err != nil || any.Format != formatName {
		return fmt.Errorf("want the header of a snapshot, {%q: %q, ...}", "format", formatName)
	}
	if any.Version != Version {
		return fmt.Errorf("want format version %d, this is version %d; use the version of assize that wrote it", Version, any.Version)
	}
	var h header
	if err := strict(text, &h); err != nil {
		return fmt.Errorf("header: %w", err)
	}
	if h.AsOf.IsZero() {
		return errors.New("header: want as_of, the time of the collection")
	}
	for i, a := range h.Accounts {
		if a.ID == "" || i > 0 && a.ID <= h.Accounts[i-1].ID {
			return fmt.Errorf("header: accounts: want ids, each once and sorted; %q is not", a.ID)
		}
	}
	d.sum.Write(text)
	d.out.Version, d.out.Mapping, d.out.AsOf = h.Assize, h.Mapping, h.AsOf.UTC()
	d.out.Accounts, d.out.Requests, d.out.Interrupted = h.Accounts, h.Requests, h.Interrupted
	return nil
}

func (d *decoder) line(l *line) error {
	if count(l.Record != nil, l.Coverage != nil, l.Gap != nil) != 1 {
		return errors.New("want one of record, coverage, gap and end")
	}
	switch {
	case l.Record != nil:
		return d.record(l.Record)
	case l.Coverage != nil:
		return d.coverage(l.Coverage)
	}
	if err := checkGap(l.Gap); err != nil {
		return err
	}
	d.out.Gaps = append(d.out.Gaps, *l.Gap)
	return nil
}

func (d *decoder) record(r *record) error {
	rec, err := r.decode()
	if err != nil {
		return err
	}
	if d.last != nil {
		switch c := cmp.Or(strings.Compare(d.last.Account, rec.Account), strings.Compare(d.last.Region, rec.Region),
			strings.Compare(d.last.Type, rec.Type), strings.Compare(d.last.ID, rec.ID)); {
		case c == 0:
			return fmt.Errorf("record %s stands twice", rec.Key())
		case c > 0:
			return fmt.Errorf("record %s: want records sorted by account, region, type and id", rec.Key())
		}
	}
	d.last = rec
	d.out.Records = append(d.out.Records, rec)
	return nil
}

func (d *decoder) coverage(c *assize.Coverage) error {
	if err := checkCoverage(c); err != nil {
		return err
	}
	if n := len(d.out.Coverage); n > 0 {
		last := d.out.Coverage[n-1]
		if cmp.Or(strings.Compare(last.Account, c.Account), strings.Compare(last.Region, c.Region), strings.Compare(last.Type, c.Type)) >= 0 {
			return fmt.Errorf("coverage of %s in %s %s: want each once, sorted by account, region and type", c.Type, c.Account, c.Region)
		}
	}
	d.out.Coverage = append(d.out.Coverage, *c)
	return nil
}

// end checks the footer against what was read, and that nothing follows.
func (d *decoder) end(l *line, sum string) error {
	if count(l.Record != nil, l.Coverage != nil, l.Gap != nil) != 0 {
		return errors.New("want one of record, coverage, gap and end")
	}
	got := footer{Records: len(d.out.Records), Coverage: len(d.out.Coverage), Gaps: len(d.out.Gaps), SHA256: sum}
	if *l.End != got {
		return fmt.Errorf("want the end of %d records, %d coverage, %d gaps with sha256 %s; it says %d, %d, %d, %s: the file was changed",
			got.Records, got.Coverage, got.Gaps, got.SHA256, l.End.Records, l.End.Coverage, l.End.Gaps, l.End.SHA256)
	}
	if _, err := d.next(); !errors.Is(err, io.EOF) {
		return errors.New("want nothing after the end")
	}
	d.out.Digest = "sha256:" + sum
	return nil
}

// strict decodes one JSON value and refuses unknown fields.
func strict(text []byte, into any) error {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return errors.New("more than one value in the line")
	}
	return nil
}
