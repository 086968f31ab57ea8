package fakeaws

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"
)

//go:embed fixtures
var embedded embed.FS

// Defaults returns the shipped answers to operations that moto lacks: a small
// set of one good and one bad resource each, for use in front of moto or alone.
func Defaults() fs.FS {
	sub, err := fs.Sub(embedded, "fixtures/missing")
	if err != nil {
		panic(fmt.Sprintf("fakeaws: embedded fixtures: %v", err))
	}
	return sub
}

// answerFile is a fixture file that lists several answers.
type answerFile struct {
	Answers []answerSpec `json:"answers"`
}

// answerSpec is one entry of an answerFile.
type answerSpec struct {
	Match   Match             `json:"match"`
	Matches []Match           `json:"matches"`
	Status  int               `json:"status"`
	Header  map[string]string `json:"header"`
	Body    json.RawMessage   `json:"body"`
	XML     string            `json:"xml"`
	Error   *failure          `json:"error"`
	Page    *Paging           `json:"page"`
}

// load reads a fixture folder as one layer above those already loaded.
func (s *fixtureSet) load(fsys fs.FS) error {
	layer := s.top + 1
	return fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		if err := s.loadFile(name, data, layer); err != nil {
			return fmt.Errorf("fixture %s: %w", name, err)
		}
		return nil
	})
}

// loadFile adds the answers of one file.
func (s *fixtureSet) loadFile(name string, data []byte, layer int) error {
	place, err := placeOf(name)
	if err != nil {
		return err
	}
	list, err := parseFile(path.Ext(name), data)
	if err != nil {
		return err
	}
	for i, f := range list {
		f.layer = layer
		if f.match.Account == "" {
			f.match.Account = place.account
		}
		if f.match.Region == "" {
			f.match.Region = place.region
		}
		if err := s.add(place.service, place.operation, f); err != nil {
			return fmt.Errorf("answer %d: %w", i+1, err)
		}
	}
	return nil
}

// filePlace is what a file's name says.
type filePlace struct{ service, operation, account, region string }

var accountPattern = regexp.MustCompile(`^(?:_|\d{12})$`)

// placeOf reads service, operation, account and region off a path.
func placeOf(name string) (filePlace, error) {
	parts := strings.Split(name, "/")
	if len(parts) < 2 || len(parts) > 4 {
		return filePlace{}, errors.New("want <service>/[<account>/[<region>/]]<Operation>.json or .xml")
	}
	last := parts[len(parts)-1]
	p := filePlace{service: parts[0], operation: strings.TrimSuffix(last, path.Ext(last))}
	if len(parts) > 2 {
		if !accountPattern.MatchString(parts[1]) {
			return filePlace{}, fmt.Errorf("%q is neither an account nor _", parts[1])
		}
		p.account = strings.TrimPrefix(parts[1], "_")
	}
	if len(parts) > 3 {
		p.region = parts[2]
	}
	return p, nil
}

// parseFile reads the answers of a file by its kind.
func parseFile(ext string, data []byte) ([]*fixture, error) {
	switch ext {
	case ".xml":
		return []*fixture{{body: data}}, nil
	case ".json":
	default:
		return nil, fmt.Errorf("unknown extension %q", ext)
	}
	var top map[string]json.RawMessage
	if err := json.Unmarshal(data, &top); err != nil {
		return nil, err
	}
	if _, several := top["answers"]; !several {
		return []*fixture{{body: data}}, nil
	}
	var file answerFile
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&file); err != nil {
		return nil, err
	}
	out := make([]*fixture, 0, len(file.Answers))
	for i, spec := range file.Answers {
		list, err := spec.fixtures()
		if err != nil {
			return nil, fmt.Errorf("answer %d: %w", i+1, err)
		}
		out = append(out, list...)
	}
	return out, nil
}

// fixtures turns an entry into a fixture for each of its matches.
func (a answerSpec) fixtures() ([]*fixture, error) {
	given := 0
	for _, has := range []bool{len(a.Body) > 0, a.XML != "", a.Error != nil} {
		if has {
			given++
		}
	}
	if given != 1 {
		return nil, errors.New("want exactly one of body, xml and error")
	}
	if len(a.Matches) > 0 && a.Match.weight() > 0 {
		return nil, errors.New("want match or matches, not both")
	}
	body := []byte(a.Body)
	if a.XML != "" {
		body = []byte(a.XML)
	}
	if len(a.Matches) == 0 {
		a.Matches = []Match{a.Match}
	}
	out := make([]*fixture, 0, len(a.Matches))
	for _, m := range a.Matches {
		out = append(out, &fixture{match: m, status: a.Status, header: a.Header, body: body, page: a.Page, fail: a.Error})
	}
	return out, nil
}
