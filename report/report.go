// Package report writes results for people and programs: one file a format.
// A writer takes findings one by one as they are made and holds nothing of them
// to the end but counts; the text format keeps pointers to those it shows, and of
// these a bounded number, and JSON what several refer to: evidence, planned resources.
//
// Everything in a run that comes from outside (names, tags, error texts, facts,
// also the words of a check) is data: a writer makes control characters, markup
// and text direction overrides harmless. The same input gives the same bytes.
package report

import (
	"io"

	"github.com/assize-dev/assize"
)

// Writer writes one result in one format, finding by finding: none is held to
// the end. The calls are Begin once, Finding for each in the order of
// the engine, End once. An error is that of the underlying writer, given by the
// call that met it or by a later one; after an error the output is incomplete and
// the caller throws it away. A Writer is not safe for use by several goroutines.
type Writer interface {
	// Begin takes what is known before the first finding. The run's framework has
	// its groups filled in and its checks are all those that findings refer to.
	Begin(*assize.Run) error
	// Finding takes the next finding. The writer may keep the pointer.
	Finding(*assize.Finding) error
	// End takes what is known after the last finding, completes the document and
	// flushes. It does not close the underlying writer.
	End(*assize.Summary) error
}

// AssetWriter is a Writer that also writes what belongs to AI and how it hangs
// together. A caller that has the assets gives them once, after the last finding
// and before End; they are in order of account, Region, type and id.
type AssetWriter interface {
	Writer
	Assets([]assize.Asset) error
}

// Options are what a caller may choose. The zero value is right for files.
type Options struct {
	// Width in columns that lines of text are wrapped at; 0 stands for 100. The
	// formats for programs do not look at it.
	Width int
	// Color allows terminal colours in text.
	Color bool
	// Verbose shows every finding, the commands that mend it and the requests made.
	Verbose bool
	// Actions returns the IAM actions that an operation ("s3:ListBuckets") needs,
	// so that a denied one can be named as an administrator knows it. nil: the
	// operation itself is named.
	Actions func(operation string) []string
}

// Format is one way to write a result.
type Format struct {
	// Name as the command line takes it.
	Name string
	// File is the name of the file in an output folder.
	File string
	// New returns a writer of the format.
	New func(io.Writer, Options) Writer
}

// Formats lists all, in the order of the help text. Each has its file: text.go.
var Formats = []Format{
	{Name: "text", File: "report.txt", New: newText},
	{Name: "json", File: "report.json", New: newJSON},
	{Name: "html", File: "report.html", New: newHTML},
	{Name: "sarif", File: "report.sarif", New: newSARIF},
	{Name: "csv", File: "report.csv", New: newCSV},
	{Name: "junit", File: "report.junit.xml", New: newJUnit},
	{Name: "github", File: "report.github.txt", New: newGitHub},
	{Name: "gitlab", File: "report.gitlab.json", New: newGitLab},
	{Name: "ocsf", File: "report.ocsf.jsonl", New: newOCSF},
	{Name: "cyclonedx", File: "report.cdx.json", New: newCycloneDX},
}
