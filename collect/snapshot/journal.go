package snapshot

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"time"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
)

// journalName is the value of "format" in a journal's header.
const journalName = "assize-journal"

// headerFile stands beside the logs of the tasks, which end in logSuffix.
const (
	headerFile = "journal.json"
	logSuffix  = ".jsonl"
)

// Journal is a folder with one append-only file a task. It implements
// [collect.Journal].
//
// A record is one write; it survives the end of the process at any moment, and the
// torn last line of one that did not is dropped. When a task is finished its file
// is flushed to the disk: what a machine that loses power loses is tasks that
// were under way. One run at a time uses a folder.
type Journal struct {
	dir string
	journalHeader
}

type journalHeader struct {
	Format  string    `json:"format"`
	Version int       `json:"version"`
	AsOf    time.Time `json:"as_of"`
	// Binding is nil until a run has planned what it collects.
	Binding *collect.Binding `json:"binding,omitempty"`
}

// OpenJournal opens the folder, or makes it with asOf as the time of the collection.
func OpenJournal(dir string, asOf time.Time) (*Journal, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("open journal: %w", err)
	}
	j := &Journal{dir: dir, journalHeader: journalHeader{
		Format: journalName, Version: Version, AsOf: asOf.UTC().Truncate(time.Second),
	}}
	path := filepath.Join(dir, headerFile)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if logs, _ := filepath.Glob(filepath.Join(dir, "*"+logSuffix)); len(logs) > 0 {
			return nil, fmt.Errorf("open journal %s: there are logs of tasks but no %s", dir, headerFile)
		}
		return j, j.save()
	}
	if err != nil {
		return nil, fmt.Errorf("open journal: %w", err)
	}
	var h journalHeader
	if err := strict(text, &h); err != nil || h.Format != journalName || h.AsOf.IsZero() {
		return nil, fmt.Errorf("%s:1: want the header of a journal, {%q: %q, ...}", path, "format", journalName)
	}
	if h.Version != Version {
		return nil, fmt.Errorf("%s:1: want format version %d, this is version %d", path, Version, h.Version)
	}
	j.journalHeader = h
	return j, nil
}

// AsOf is when the collection began that the journal belongs to.
func (j *Journal) AsOf() time.Time { return j.journalHeader.AsOf }

// save writes the header; it replaces the old one whole.
func (j *Journal) save() error {
	text, err := appendPlain(nil, j.journalHeader)
	if err != nil {
		return fmt.Errorf("write journal: %w", err)
	}
	path := filepath.Join(j.dir, headerFile)
	if err := os.WriteFile(path+".new", append(text, '\n'), 0o600); err != nil {
		return fmt.Errorf("write journal: %w", err)
	}
	return os.Rename(path+".new", path)
}

// Bind implements [collect.Journal].
func (j *Journal) Bind(b collect.Binding) error {
	if j.Binding == nil {
		j.Binding = &b
		return j.save()
	}
	switch {
	case !reflect.DeepEqual(j.Binding.Accounts, b.Accounts):
		return fmt.Errorf("journal %s is of %s, this run is of %s: use another folder", j.dir, names(j.Binding.Accounts), names(b.Accounts))
	case j.Binding.Declarations != b.Declarations:
		return fmt.Errorf("journal %s was begun with other collectors, or another version of assize: use another folder", j.dir)
	}
	return nil
}

// names lists accounts with their Regions.
func names(accounts []assize.Account) string {
	var out []string
	for _, a := range accounts {
		out = append(out, a.ID+" ("+strings.Join(a.Regions, ", ")+")")
	}
	return strings.Join(out, ", ")
}

// Open implements [collect.Journal].
func (j *Journal) Open(collector, account, region string) (collect.TaskLog, error) {
	name := account + "_" + region + "_" + collector + logSuffix
	path := filepath.Join(j.dir, strings.Map(plainRune, name))
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open journal: %w", err)
	}
	l := &taskLog{f: f, path: path}
	if err := l.load(); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return l, nil
}

// plainRune keeps file names within what every file system takes.
func plainRune(r rune) rune {
	if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' || r == '.' {
		return r
	}
	return '-'
}

// taskLog is the file of one task.
type taskLog struct {
	f       *os.File
	path    string
	records []*assize.Record
	result  *collect.TaskResult
	buf     []byte
}

// logLine is one line of it; exactly one of its fields is set.
type logLine struct {
	Record *record             `json:"record,omitempty"`
	Result *collect.TaskResult `json:"result,omitempty"`
}

// load reads what is there and places the next write behind it.
func (l *taskLog) load() error {
	text, err := os.ReadFile(l.path)
	if err != nil {
		return fmt.Errorf("open journal: %w", err)
	}
	whole := text[:bytes.LastIndexByte(text, '\n')+1]
	number := 0
	for one := range bytes.Lines(whole) {
		number++
		if err := l.line(one); err != nil {
			return fmt.Errorf("%s:%d: %w", l.path, number, err)
		}
	}
	if err := l.f.Truncate(int64(len(whole))); err != nil {
		return fmt.Errorf("open journal: %w", err)
	}
	if _, err := l.f.Seek(int64(len(whole)), 0); err != nil {
		return fmt.Errorf("open journal: %w", err)
	}
	return nil
}

func (l *taskLog) line(text []byte) error {
	var line logLine
	if err := strict(text, &line); err != nil {
		return fmt.Errorf("want a record or a result: %w", err)
	}
	if l.result != nil || count(line.Record != nil, line.Result != nil) != 1 {
		return errors.New("want one record or, at the end, one result")
	}
	l.result = line.Result
	if line.Record == nil {
		return nil
	}
	rec, err := line.Record.decode()
	if err != nil {
		return err
	}
	l.records = append(l.records, rec)
	return nil
}

// Earlier implements [collect.TaskLog].
func (l *taskLog) Earlier() ([]*assize.Record, *collect.TaskResult) { return l.records, l.result }

// Record implements [collect.TaskLog].
func (l *taskLog) Record(r *assize.Record) error {
	var err error
	if l.buf, err = appendRecord(l.buf[:0], r); err != nil {
		return fmt.Errorf("write journal: %w", err)
	}
	return l.write()
}

// write writes the line in buf in one piece.
func (l *taskLog) write() error {
	l.buf = append(l.buf, '\n')
	if _, err := l.f.Write(l.buf); err != nil {
		return fmt.Errorf("write journal: %w", err)
	}
	return nil
}

// Finish implements [collect.TaskLog].
func (l *taskLog) Finish(r *collect.TaskResult) error {
	var err error
	if l.buf, err = appendPlain(l.buf[:0], logLine{Result: r}); err != nil {
		return fmt.Errorf("write journal: %w", err)
	}
	if err := l.write(); err != nil {
		return err
	}
	if err := l.f.Sync(); err != nil {
		return fmt.Errorf("write journal: %w", err)
	}
	return nil
}

// Close implements [collect.TaskLog].
func (l *taskLog) Close() error { return l.f.Close() }
