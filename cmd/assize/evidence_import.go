package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/assize-dev/assize/assessment"
	"github.com/assize-dev/assize/cmd/assize/internal/deployment"
)

// manifestRow is one piece of evidence of a folder. The names are the columns of manifest.csv and the fields
// of manifest.yaml.
type manifestRow struct {
	Control     string `yaml:"control"`
	Set         string `yaml:"control_set"`
	Expectation string `yaml:"expectation"`
	Occurrence  string `yaml:"occurrence"`
	Resource    string `yaml:"resource"`
	Effective   string `yaml:"effective"`
	File        string `yaml:"file"`
	Text        string `yaml:"text"`
	Link        string `yaml:"link"`
	Attest      string `yaml:"attest"`
	Signer      string `yaml:"signer"`
	Answers     string `yaml:"answers"`
}

// fields are the columns of the row.
func (r *manifestRow) fields() map[string]*string {
	return map[string]*string{
		"control": &r.Control, "control_set": &r.Set, "expectation": &r.Expectation, "occurrence": &r.Occurrence, "resource": &r.Resource,
		"effective": &r.Effective, "file": &r.File, "text": &r.Text, "link": &r.Link, "attest": &r.Attest, "signer": &r.Signer,
		"answers": &r.Answers,
	}
}

// newEvidenceImport makes "assize evidence import".
func newEvidenceImport(f *dataFlags) groupCommand {
	return &cobra.Command{
		Use:   "import ASSESSMENT FOLDER",
		Short: "Add the evidence of a folder, as its manifest says",
		Long: "Add the evidence of a folder with manifest.csv (columns) or manifest.yaml (a list): control, and one of file,\n" +
			"text, link, attest or answers; where needed control_set, expectation, occurrence, resource, effective, signer.\n" +
			"Files are named from the folder. Rows are added one after the other; the first that cannot be added ends the\n" +
			"import, and its message says how many were added.",
		Args: cobra.ExactArgs(2),
		RunE: f.run(func(ctx context.Context, s *session, args []string) error {
			rows, err := readManifest(args[1])
			if err != nil {
				return err
			}
			added := []*assessment.Evidence{}
			for i := range rows {
				e, err := rows[i].add(ctx, s, args[0], args[1])
				if err != nil {
					return fmt.Errorf("row %d of the manifest: %w (%d of %d were added)", i+1, err, len(added), len(rows))
				}
				added = append(added, e)
			}
			return s.show(added, func(w io.Writer) {
				for _, e := range added {
					showAdded(w, e)
				}
			})
		}),
	}
}

func (r *manifestRow) add(ctx context.Context, s *session, what, folder string) (*assessment.Evidence, error) {
	g := givenFlags{link: r.Link, effective: r.Effective}
	g.ControlSet, g.Expectation, g.Occurrence, g.Resource = r.Set, r.Expectation, r.Occurrence, r.Resource
	g.Given = deployment.Given{Manual: g.Manual, Text: r.Text, Statement: r.Attest, Signer: r.Signer}
	var err error
	if g.File, err = inside(folder, r.File); err != nil {
		return nil, err
	}
	if g.answers, err = inside(folder, r.Answers); err != nil {
		return nil, err
	}
	return g.add(ctx, s, what, r.Control)
}

// inside is the path of a file of the folder; a manifest names nothing outside it, by a link neither.
func inside(folder, name string) (string, error) {
	if name == "" {
		return "", nil
	}
	path := filepath.Join(folder, name)
	root, err := filepath.EvalSymlinks(folder)
	if err != nil {
		return "", fmt.Errorf("folder: %w", err)
	}
	there, err := filepath.EvalSymlinks(path)
	if err == nil {
		there, err = filepath.Rel(root, there)
	}
	switch {
	case !filepath.IsLocal(name) || err == nil && !filepath.IsLocal(there):
		return "", fmt.Errorf("file %q: it is not in the folder", name)
	case err != nil:
		return "", fmt.Errorf("file %q: %w", name, err)
	}
	return path, nil
}

// readManifest reads the manifest of a folder.
func readManifest(folder string) ([]manifestRow, error) {
	for _, name := range []string{"manifest.yaml", "manifest.yml", "manifest.csv"} {
		path := filepath.Join(folder, name)
		text, err := readFile(path, maxWritten)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("manifest: %w", err)
		}
		rows, err := parseManifest(name, string(text))
		if err == nil && len(rows) == 0 {
			err = errors.New("there are no rows")
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		return rows, nil
	}
	return nil, fmt.Errorf("folder %s: want a manifest.csv or manifest.yaml in it", folder)
}

func parseManifest(name, text string) ([]manifestRow, error) {
	if strings.HasSuffix(name, ".csv") {
		return csvManifest(text)
	}
	var rows []manifestRow
	err := readYAML([]byte(text), &rows)
	return rows, err
}

func csvManifest(text string) ([]manifestRow, error) {
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff")))
	lines, err := r.ReadAll()
	if err != nil || len(lines) == 0 {
		return nil, err
	}
	var rows []manifestRow
	for _, line := range lines[1:] {
		var row manifestRow
		fields := row.fields()
		for i, name := range lines[0] {
			field := fields[strings.ToLower(strings.TrimSpace(name))]
			if field == nil {
				return nil, fmt.Errorf("column %q: there is no such column", name)
			}
			*field = line[i]
		}
		rows = append(rows, row)
	}
	return rows, nil
}
