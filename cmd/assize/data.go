package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/user"
	"reflect"
	"slices"
	"strings"
	"sync"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assessment"
	"github.com/assize-dev/assize/cmd/assize/internal/deployment"
	"github.com/assize-dev/assize/collect"
	"github.com/assize-dev/assize/collect/aws"
	"github.com/assize-dev/assize/objects"
)

// defaultData is the data folder when none is named.
const defaultData = "assize-data"

// dataFlags say which deployment a command works on, who acts, and how the answer is written.
type dataFlags struct {
	deployment.Options
	as      string
	format  string
	config  string
	library libraryFlags
}

func (f *dataFlags) add(flags *pflag.FlagSet) {
	data := os.Getenv(dataVariable)
	if data == "" {
		data = defaultData
	}
	flags.StringVar(&f.Data, "data", data, "data folder of the deployment (or "+dataVariable+")")
	flags.StringVar(&f.Store, "store", "", "where the ledger is: a file, or postgres://user@host/database (default: assize.db in the data folder)")
	flags.StringVar(&f.Blobs, "blobs", "", "where bodies of evidence are: a folder, or s3://bucket/prefix (default: blobs in the data folder)")
	flags.StringVar(&f.Keys, "keys", "", "folder of the keys (default: keys in the data folder)")
	flags.StringVar(&f.KMSKey, "kms-key", "", "key of AWS KMS that protects bodies of evidence, by id, alias or ARN (default: a file in the folder of the keys)")
	flags.StringVar(&f.as, "as", "", "who acts: a user name or ARN (default: the user of this computer)")
	flags.StringVar(&f.format, "format", "text", "text or json")
	flags.StringVar(&f.config, "config", "", "organisation profile (default: "+profileFile+" in this folder, where there is one)")
	flags.StringSliceVar(&f.library.folders, "library", nil, "folders of your own content, laid over the library")
}

// session is one command at work on a deployment.
type session struct {
	*deployment.Deployment
	cmd   *cobra.Command
	actor string
	json  bool
}

// work is what a command does on a deployment.
type work = func(ctx context.Context, s *session, args []string) error

// run opens the deployment for a command. There must be one: a folder that was mistyped is not filled.
func (f *dataFlags) run(do work) func(*cobra.Command, []string) error {
	open := f.runNew(do)
	return func(cmd *cobra.Command, args []string) error {
		if !deployment.Made(f.Data) {
			return fmt.Errorf("there is no deployment in %s: name its folder with --data; assize assessment create makes one", f.Data)
		}
		return open(cmd, args)
	}
}

// runNew opens the deployment for a command, and makes one where there is none.
func (f *dataFlags) runNew(do work) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) (err error) {
		if f.format != "text" && f.format != "json" {
			return fmt.Errorf("--format %q: want text or json", f.format)
		}
		actor := f.as
		if actor == "" {
			u, err := user.Current()
			if err != nil {
				return fmt.Errorf("who acts: %w; say it with --as", err)
			}
			actor = u.Username
		}
		d, err := f.open(cmd.Context())
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, d.Close()) }()
		return do(cmd.Context(), &session{Deployment: d, cmd: cmd, actor: actor, json: f.format == "json"}, args)
	}
}

// runOn is [dataFlags.run] for a command whose first argument names an assessment.
func (f *dataFlags) runOn(do func(ctx context.Context, s *session, a *assessment.Assessment, args []string) error) func(*cobra.Command, []string) error {
	return f.run(func(ctx context.Context, s *session, args []string) error {
		a, err := s.resolve(ctx, args[0])
		if err != nil {
			return err
		}
		return do(ctx, s, a, args)
	})
}

func (f *dataFlags) open(ctx context.Context) (*deployment.Deployment, error) {
	parts, err := deployment.OpenParts(ctx, f.Options)
	if err != nil {
		return nil, err
	}
	content := sync.OnceValues(f.content)
	d, err := deployment.New(ctx, parts, deployment.Config{
		Content: content, Live: readLive(content), Operation: collectorsOf, Version: version,
		Objects: func(ctx context.Context) (deployment.Objects, error) { return objects.New(ctx) },
	})
	if err != nil {
		return nil, errors.Join(err, parts.Close())
	}
	return d, nil
}

func (f *dataFlags) content() (*deployment.Content, error) {
	lib, err := f.library.load()
	if err != nil {
		return nil, err
	}
	profile, err := readProfile(lib, f.config)
	if err != nil {
		return nil, err
	}
	data, _, err := authorizationData()
	return &deployment.Content{Library: lib, Profile: profile, Data: data}, err
}

// collectorsOf tells which types the collector lists that asks an operation.
func collectorsOf(name string) (types []string, asked bool) {
	for _, d := range aws.Declarations() {
		if d.Operation(name) != nil {
			types, asked = append(types, d.Types...), true
		}
	}
	return types, asked
}

// readLive reads the accounts of an assessment.
func readLive(content func() (*deployment.Content, error)) deployment.Live {
	return func(ctx context.Context, a *assessment.Assessment, s deployment.Source, journal collect.Journal, into *collect.Collection) error {
		c, err := content()
		if err != nil {
			return err
		}
		opts := liveOptions(s, a)
		opts.Availability = availability{&c.Library.Regions}
		source, err := aws.New(ctx, opts)
		if err != nil {
			return err
		}
		regions := a.Regions
		if len(regions) == 0 {
			regions = []string{"all"}
		}
		return source.Collect(ctx, collect.Target{Regions: regions, Journal: journal}, into.Sink())
	}
}

// liveOptions are how the accounts of an assessment are entered.
func liveOptions(s deployment.Source, a *assessment.Assessment) aws.Options {
	opts := aws.Options{Profile: s.Profile}
	if len(a.Regions) > 0 {
		opts.Region = a.Regions[0]
	}
	if s.RoleName != "" {
		ids := make([]string, len(a.Accounts))
		for i, account := range a.Accounts {
			ids[i] = account.ID
		}
		opts.Organization = &aws.Organization{Accounts: ids, RoleName: s.RoleName, ExternalID: s.ExternalID}
	}
	return opts
}

// resolve finds an assessment by id, by the beginning of one, or by name.
func (s *session) resolve(ctx context.Context, what string) (*assessment.Assessment, error) {
	list, err := s.Store.Assessments(ctx)
	if err != nil {
		return nil, err
	}
	var found []*assessment.Assessment
	for i := range list {
		a := &list[i]
		if a.ID == what {
			return a, nil
		}
		if a.Name == what || len(what) >= minPrefix && strings.HasPrefix(a.ID, what) {
			found = append(found, a)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return nil, fmt.Errorf("there is no assessment %q: see assize assessment list", what)
	}
	return nil, fmt.Errorf("%d assessments are called %q: name one by its id", len(found), what)
}

// minPrefix is how much of an id must be given.
const minPrefix = 4

// match finds the one id that begins with a text.
func match(ids []string, what, noun string) (string, error) {
	if slices.Contains(ids, what) {
		return what, nil
	}
	var found []string
	for _, id := range ids {
		if len(what) >= minPrefix && strings.HasPrefix(id, what) {
			found = append(found, id)
		}
	}
	if len(found) != 1 {
		return "", fmt.Errorf("%s %q: want the id, or the beginning of one (%d begin so)", noun, what, len(found))
	}
	return found[0], nil
}

// place finds a control of the pinned framework; the set may be left out where the id is unique.
func (s *session) place(ctx context.Context, a *assessment.Assessment, set, control string) (string, *assize.Control, error) {
	fw, err := s.Framework(ctx, a.Framework)
	if err != nil {
		return "", nil, err
	}
	var sets []string
	var found *assize.Control
	for g := range fw.Groups {
		group := &fw.Groups[g]
		for c := range group.Controls {
			if group.Controls[c].ID == control && (set == "" || set == group.ID) {
				sets, found = append(sets, group.ID), &group.Controls[c]
			}
		}
	}
	switch len(sets) {
	case 1:
		return sets[0], found, nil
	case 0:
		return "", nil, fmt.Errorf("framework %s has no control %q: see assize assessment show %s", fw.ID, control, a.ID)
	}
	return "", nil, fmt.Errorf("control %q is in the control sets %s: name one with --set", control, strings.Join(sets, ", "))
}

// known refuses a control, or a control set, that the framework of an assessment does not have: a list of what there is
// for it would be empty.
func (s *session) known(ctx context.Context, a *assessment.Assessment, set, control string) error {
	fw, err := s.Framework(ctx, a.Framework)
	if err != nil {
		return err
	}
	for g := range fw.Groups {
		group := &fw.Groups[g]
		if set != "" && group.ID != set {
			continue
		}
		if control == "" || slices.ContainsFunc(group.Controls, func(c assize.Control) bool { return c.ID == control }) {
			return nil
		}
	}
	what := fmt.Sprintf("control %q", control)
	switch {
	case control == "":
		what = fmt.Sprintf("control set %q", set)
	case set != "":
		what += fmt.Sprintf(" in a control set %q", set)
	}
	return fmt.Errorf("framework %s has no %s: see assize assessment show %s", fw.ID, what, a.ID)
}

// onlyDays refuses limits that are no days.
func onlyDays(limits map[string]string) error {
	for flag, text := range limits {
		if _, err := time.Parse(time.DateOnly, text); text != "" && err != nil {
			return fmt.Errorf("--%s %q: want a day as 2026-01-31", flag, text)
		}
	}
	return nil
}

// show writes an answer: the value as JSON, or text. A list of nothing is [] in JSON.
func (s *session) show(v any, text func(w io.Writer)) error {
	if s.json {
		if list := reflect.ValueOf(v); list.Kind() == reflect.Slice && list.IsNil() {
			v = []any{}
		}
		return writeJSON(s.cmd, v)
	}
	text(s.cmd.OutOrStdout())
	return nil
}

// table writes rows in columns; the first row is the head.
func table(w io.Writer, rows [][]string) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		for i := range row {
			row[i] = clean(row[i])
		}
		fmt.Fprintln(t, strings.TrimRight(strings.Join(row, "\t"), "\t"))
	}
	t.Flush() //nolint:errcheck // what is printed goes to a terminal or into a buffer
}

// day writes a time as its UTC day; "-" where there is none.
func day(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.UTC().Format(time.DateOnly)
}

// minute writes a time in UTC; "-" where there is none.
func minute(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.UTC().Format("2006-01-02 15:04")
}

// shortID is the beginning of an id, enough to name it.
func shortID(id string) string { return id[:min(len(id), 8)] }
