package sar

import (
	"bytes"
	"cmp"
	"compress/flate"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// A pack is three lines of text and two compressed parts:
//
//	assize-sar 1
//	{"package":…}                               the version, JSON
//	<bytes of the index> <SHA-256 of the rest>
//	index: one line a service: prefix, name, RCP, bytes of its block; lines with "@" are foreign key prefixes
//	blocks, one a service, each compressed on its own with a shared dictionary
//
// So the version is read without decompressing anything, and a service without the others.
const packMagic = "assize-sar 1\n"

// Bounds of a pack, far above what AWS publishes.
const (
	maxHeader  = 1 << 16
	maxInflate = 64 << 20
)

// dictionary primes the compression of the small blocks. Changing it changes the format.
const dictionary = "\tP\tL\t\tT\tR\tW\ta\tTagResource\tT\ta\tUntagResource\tT\ta\tListTagsForResource\tR\t" +
	"a\tAssociate\ta\tBatchGet\ta\tDisassociate\ta\tSearch\ta\tStop\ta\tStart\ta\tPut\ta\tUpdate\ta\tGet\ta\tDescribe\ta\tDelete\ta\tCreate\ta\tList" +
	"ResourcePolicy\tW\tPermissions\tConfiguration\tW\t0\t1,2\nConfigurations\tL\nApplication\tW\tInstance\tW\tGroup\tW\tDomain\tW\tPolicy\tW\tJob\tR\tVersion\tW\tProfile\t" +
	"k\taws:RequestTag/${TagKey}\tString\nk\taws:ResourceTag/${TagKey}\tString\nk\taws:TagKeys\tArrayOfString\nk\tARN\nBool\nNumeric\n" +
	"/${ResourceId}\t1\nr\t\tarn:${Partition}:::${Region}::${Account}:/${Name}/${Id}\t1\nr\tarn:${Partition}:${Region}:${Account}:"

// Build writes a pack. foreign names the prefixes of condition keys that belong to no service
// of their own, with the services whose requests carry them ("saml" for sts). The services are
// checked first.
func Build(v Version, services []*Service, foreign map[string][]string) ([]byte, error) {
	slices.SortFunc(services, func(a, b *Service) int { return cmp.Compare(a.Prefix, b.Prefix) })
	v.Services, v.Actions = len(services), 0
	for _, text := range v.texts() {
		if !printable(text) {
			return nil, fmt.Errorf("the version of the data holds control characters: %q", text)
		}
	}
	var index, blocks bytes.Buffer
	for _, s := range services {
		if !plain(s.Prefix) || !printable(s.Name) {
			return nil, fmt.Errorf("unusable service prefix %q or name %q", s.Prefix, s.Name)
		}
		if err := s.check(); err != nil {
			return nil, err
		}
		v.Actions += len(s.Actions)
		start := blocks.Len()
		if err := deflate(&blocks, s.marshal()); err != nil {
			return nil, fmt.Errorf("compress service %q: %w", s.Prefix, err)
		}
		fmt.Fprintf(&index, "%s\t%s\t%t\t%d\n", s.Prefix, s.Name, s.RCP, blocks.Len()-start)
	}
	for _, prefix := range sortedKeys(foreign) {
		fmt.Fprintf(&index, "@%s\t%s\n", prefix, strings.Join(foreign[prefix], ","))
	}
	var rest bytes.Buffer
	if err := deflate(&rest, index.String()); err != nil {
		return nil, fmt.Errorf("compress the index: %w", err)
	}
	size := rest.Len()
	rest.Write(blocks.Bytes())
	meta, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("write the version: %w", err)
	}
	sum := sha256.Sum256(rest.Bytes())
	head := fmt.Sprintf("%s%s\n%d %s\n", packMagic, meta, size, hex.EncodeToString(sum[:]))
	return append([]byte(head), rest.Bytes()...), nil
}

func deflate(w io.Writer, text string) error {
	f, err := flate.NewWriterDict(w, flate.BestCompression, []byte(dictionary))
	if err != nil {
		return err
	}
	_, err = io.WriteString(f, text)
	return errors.Join(err, f.Close())
}

func inflate(b []byte) (string, error) {
	r := flate.NewReaderDict(bytes.NewReader(b), []byte(dictionary))
	text, err := io.ReadAll(io.LimitReader(r, maxInflate+1))
	if err != nil {
		return "", err
	}
	if len(text) > maxInflate {
		return "", fmt.Errorf("more than %d bytes", maxInflate)
	}
	return string(text), nil
}

// header is what stands before the compressed parts.
type header struct {
	version Version
	index   int    // bytes
	sum     string // SHA-256 of body, hexadecimal
	body    []byte
}

var errNotPack = errors.New(`not a data pack: it does not begin with "assize-sar 1"`)

func readHeader(b []byte) (header, error) {
	var h header
	rest, ok := bytes.CutPrefix(b, []byte(packMagic))
	if !ok {
		return h, errNotPack
	}
	meta, rest, ok1 := cutLine(rest)
	sizes, body, ok2 := cutLine(rest)
	if !ok1 || !ok2 {
		return h, errors.New("the data pack ends in its header")
	}
	if err := json.Unmarshal(meta, &h.version); err != nil {
		return h, fmt.Errorf("the version of the data pack: %w", err)
	}
	size, sum, _ := strings.Cut(string(sizes), " ")
	n, err := strconv.Atoi(size)
	if err != nil || n < 0 {
		return h, fmt.Errorf("the index size of the data pack: %q", size)
	}
	h.index, h.sum, h.body = n, sum, body
	return h, nil
}

func cutLine(b []byte) (line, rest []byte, ok bool) {
	i := bytes.IndexByte(b[:min(len(b), maxHeader)], '\n')
	if i < 0 {
		return nil, nil, false
	}
	return b[:i], b[i+1:], true
}

// ReadVersion reads the version from the beginning of a pack; its first 64 KiB are enough. It
// does not verify the rest: that is done by Open.
func ReadVersion(pack []byte) (Version, error) {
	h, err := readHeader(pack)
	return h.version, err
}

// place is where a service stands in the blocks.
type place struct {
	service    Service // prefix, name and RCP only
	start, end int
}

func readIndex(text string, blocks int) (places []place, foreign map[string][]string, err error) {
	foreign = map[string][]string{}
	at := 0
	for line := range strings.Lines(text) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if prefix, ok := strings.CutPrefix(f[0], "@"); ok && len(f) == 2 {
			foreign[prefix] = strings.Split(f[1], ",")
			continue
		}
		if len(f) != 4 {
			return nil, nil, fmt.Errorf("line %q of the index", line)
		}
		size, err := strconv.Atoi(f[3])
		if err != nil || size < 0 || at+size > blocks {
			return nil, nil, fmt.Errorf("size of service %q in the index: %q", f[0], f[3])
		}
		places = append(places, place{Service{Prefix: f[0], Name: f[1], RCP: f[2] == "true"}, at, at + size})
		at += size
	}
	return places, foreign, nil
}

func sortedKeys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
