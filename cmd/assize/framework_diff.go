package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/library"
)

// newFrameworkDiff makes "assize framework diff".
func newFrameworkDiff() frameworkCommand {
	var lib libraryFlags
	var format string
	cmd := &cobra.Command{
		Use:   "diff BEFORE AFTER",
		Short: "Tell what differs between two frameworks, or two versions of one",
		Long: "Each side is a framework by id, or a file that assize framework export wrote (YAML or JSON). Told are controls that came, went or\n" +
			"changed, in text and in the evidence that answers them, and the fields of the page.",
		Example: "  assize framework export soc_2 --out soc_2-before.json --format json\n" +
			"  assize framework diff soc_2-before.json soc_2\n" +
			"  assize framework diff owasp_llm_top_10_2025 owasp_llm_top_10_2026",
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			before, err := readFramework(&lib, args[0])
			if err != nil {
				return err
			}
			after, err := readFramework(&lib, args[1])
			if err != nil {
				return err
			}
			c, err := library.Compare(before, after)
			if err != nil {
				return err
			}
			switch format {
			case "json":
				return writeJSON(cmd, c)
			case "text":
				writeComparison(cmd.OutOrStdout(), c, nil)
				return nil
			}
			return fmt.Errorf("--format %q: want text or json", format)
		},
	}
	lib.add(cmd)
	cmd.Flags().StringVar(&format, "format", "text", "text or json")
	return cmd
}

// readFramework reads a framework by id, or from a file that was exported.
func readFramework(lib *libraryFlags, name string) (*assize.Framework, error) {
	ext := filepath.Ext(name)
	if ext != ".json" && ext != ".yaml" {
		l, err := lib.load()
		if err != nil {
			return nil, err
		}
		return l.Framework(name)
	}
	data, err := readFile(name, maxDocument)
	if err != nil {
		return nil, err
	}
	if ext == ".json" {
		return decodeFramework(name, data)
	}
	id := strings.TrimSuffix(filepath.Base(name), ext)
	d, err := library.DecodeDocument(id, name, data)
	if err != nil {
		return nil, err
	}
	return finishDocument(lib, d)
}

// decodeFramework reads a finished framework from JSON.
func decodeFramework(name string, data []byte) (*assize.Framework, error) {
	fw := &assize.Framework{}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(fw); err != nil {
		return nil, fmt.Errorf("%s: is no framework as assize framework export --format json writes it: %w", name, err)
	}
	if fw.ID == "" || len(fw.Groups) == 0 {
		return nil, fmt.Errorf("%s: is no framework as assize framework export --format json writes it: there is no id or no control set", name)
	}
	return fw, nil
}

// finishDocument makes of a framework in a file what the library makes of one in a folder.
func finishDocument(lib *libraryFlags, d *library.Document) (fw *assize.Framework, err error) {
	files, err := documentFiles(d.Framework.ID, d)
	if err != nil {
		return nil, err
	}
	temp, err := os.MkdirTemp("", "assize-content-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(temp)) }()
	if err := writeFiles(temp, files); err != nil {
		return nil, err
	}
	folders, err := lib.open()
	if err != nil {
		return nil, err
	}
	// Of a shipped framework with control sets in files of their own, the file would be a second one.
	l, err := library.LoadInstead(d.Framework.ID, append(folders, library.Folder{Name: d.Framework.ID, FS: os.DirFS(temp)})...)
	if err != nil {
		return nil, err
	}
	return l.Framework(d.Framework.ID)
}

// documentFiles are the files of a document in a folder of content.
func documentFiles(id string, d *library.Document) (map[string][]byte, error) {
	data, err := library.Encode(d.Framework)
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{"frameworks/" + id + ".yaml": data}
	if d.Mappings != nil {
		if files["mappings/"+id+".yaml"], err = library.Encode(d.Mappings); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// shortDigest is the beginning of a digest.
func shortDigest(d string) string {
	if len(d) <= 19 {
		return d
	}
	return d[:19]
}

// writeComparison writes what differs; remark says of a control what it means for the reader.
func writeComparison(w io.Writer, c *library.Comparison, remark func(*library.ControlChange) string) {
	fmt.Fprintf(w, "%s version %s %s → %s version %s %s\n", c.Before.ID, line(c.Before.Version), shortDigest(c.Before.Digest),
		c.After.ID, line(c.After.Version), shortDigest(c.After.Digest))
	if c.Empty() {
		fmt.Fprintln(w, "Nothing differs.")
		return
	}
	counts := map[string]int{}
	for i := range c.Controls {
		counts[c.Controls[i].Change]++
	}
	fmt.Fprintf(w, "controls: added %d, removed %d, changed %d\n", counts[library.Added], counts[library.Removed], counts[library.Changed])
	if len(c.Header) > 0 {
		fmt.Fprintln(w, "\nThe page")
		writeFields(w, "  ", c.Header)
	}
	signs := map[string]string{library.Added: "+", library.Removed: "-", library.Changed: "~"}
	for i := range c.Controls {
		change := &c.Controls[i]
		fmt.Fprintf(w, "\n%s %s %s · %s\n", signs[change.Change], line(change.ID), line(change.Title), line(change.Group))
		if remark != nil {
			if r := remark(change); r != "" {
				fmt.Fprintf(w, "    %s\n", r)
			}
		}
		writeFields(w, "    text: ", change.Text)
		writeFields(w, "    evidence: ", change.Evidence)
	}
}

func writeFields(w io.Writer, before string, fields []library.FieldChange) {
	for _, f := range fields {
		fmt.Fprintf(w, "%s%s\n", before, line(f.Name))
		if f.Before != "" {
			fmt.Fprintf(w, "      - %s\n", wrap(f.Before, pageWidth, 8))
		}
		if f.After != "" {
			fmt.Fprintf(w, "      + %s\n", wrap(f.After, pageWidth, 8))
		}
	}
}
