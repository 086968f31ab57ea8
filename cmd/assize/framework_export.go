package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/assize-dev/assize/library"
	"github.com/assize-dev/assize/library/oscal"
)

// newFrameworkExport makes "assize framework export".
func newFrameworkExport() frameworkCommand {
	var lib libraryFlags
	var format, out string
	cmd := &cobra.Command{
		Use:   "export ID",
		Short: "Write a framework as YAML, as JSON or as an OSCAL catalogue",
		Long: "yaml is the framework as it is written, with its mappings after a line \"---\": assize framework import takes it. json is\n" +
			"the framework as a run takes it, with what it inherits and the checks that come over mappings: for assize framework diff\n" +
			"and upgrade --was. oscal is a catalogue (JSON); what OSCAL has no place for stands in properties of a namespace of ours.",
		Example: "  assize framework export acme_baseline --library ours --out acme_baseline.yaml\n" +
			"  assize framework export assize_genai_best_practices_v2 --format oscal --out catalogue.json",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			l, err := lib.load()
			if err != nil {
				return err
			}
			data, err := exported(l, args[0], format)
			if err != nil {
				return err
			}
			if out == "" {
				_, err := cmd.OutOrStdout().Write(data)
				return err
			}
			if err := writeFiles(filepath.Dir(out), map[string][]byte{filepath.Base(out): data}); err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "wrote %s\n", line(out))
			return nil
		},
	}
	lib.add(cmd)
	cmd.Flags().StringVar(&format, "format", "yaml", "yaml, json or oscal")
	cmd.Flags().StringVar(&out, "out", "", "file to write (default: standard output)")
	return cmd
}

func exported(l *library.Library, id, format string) ([]byte, error) {
	switch format {
	case "yaml":
		d, err := l.Document(id)
		if err != nil {
			return nil, err
		}
		if d.Framework.ByService {
			return nil, fmt.Errorf("framework %s is derived from the checks: export it with --format json or oscal", d.Framework.ID)
		}
		return d.Encode()
	case "json", "oscal":
		fw, err := l.Framework(id)
		if err != nil {
			return nil, err
		}
		if format == "oscal" {
			at, err := exportTime()
			if err != nil {
				return nil, err
			}
			return oscal.FromFramework(fw, at).Encode()
		}
		data, err := json.MarshalIndent(fw, "", "  ")
		return append(data, '\n'), err
	}
	return nil, fmt.Errorf("--format %q: want yaml, json or oscal", format)
}

// exportTime is when a catalogue is written: now, or what SOURCE_DATE_EPOCH says, so that an export
// can be repeated byte for byte (reproducible-builds.org).
func exportTime() (time.Time, error) {
	set := os.Getenv("SOURCE_DATE_EPOCH")
	if set == "" {
		return time.Now().UTC().Truncate(time.Second), nil
	}
	seconds, err := strconv.ParseInt(set, 10, 64)
	if err != nil || seconds < 0 || seconds > lastSecond {
		return time.Time{}, fmt.Errorf("SOURCE_DATE_EPOCH is %q: want seconds since 1970, as in 1767225600", set)
	}
	return time.Unix(seconds, 0).UTC(), nil
}

// lastSecond is the end of the year 9999, the last that RFC 3339 can write.
const lastSecond = 253402300799
