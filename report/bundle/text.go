package bundle

import (
	"fmt"
	"io"
	"strings"

	"github.com/assize-dev/assize/evidence"
)

// readme says what is in the archive.
func (b *builder) readme(w io.Writer) error {
	a := &b.state.Assessment
	_, err := fmt.Fprintf(w, `ASSESSMENT REPORT

Report:      %s
Assessment:  %s
Framework:   %s
Generated:   %s by %s
Evidence:    %s, %s with their files here

WHERE TO BEGIN

  AssessmentReportSummary.pdf  the summary to read and to print
  report.html                  the same for a browser and for screen readers; it needs no script
  controls.csv                 one line for each control
  evidence.csv                 one line for each piece of evidence and control
  report.xlsx                  both as a workbook
  assessment-results.json      OSCAL 1.2 assessment results, for other programs
  framework.json               the text that the controls were judged against

EVIDENCE

Each control has a folder with an index.html that lists every piece of evidence of the control. The files lie in
<control>/<data source>/<day, UTC>/. A file that serves several controls lies in the folder of the first one;
the pages of the others lead to it. Files are byte for byte what was collected or uploaded. Where a program might
run what a file contains (a page, a picture with scripts), ".txt" was added to its name. Open files that
people have uploaded with the care that files of others deserve: nobody has searched them for viruses or macros.

PROOF

  ledger/leaves-*.jsonl  every entry of the ledger about this assessment, each with its inclusion proof
  ledger/checkpoint      the signed state of the ledger that they are proved against
  ledger/key.pub         the key, for comparison with the one that you were given
  manifest.jsonl         every file with its SHA-256
  digest.txt             the digest of the manifest, signed

VERIFY.md says how to check all of it without a network, and what is not proved by that.
`, clean(b.in.Report.Name), clean(a.Name), clean(a.Framework.Title+" "+a.Framework.Version), instant(b.at), clean(b.in.Report.Author),
		many(len(b.items), "item"), thousands(b.withBodies()))
	return err
}

// withBodies counts the items whose body is in the bundle.
func (b *builder) withBodies() int {
	n := 0
	for i := range b.items {
		if !b.items[i].destroyed {
			n++
		}
	}
	return n
}

// howToVerify says how the bundle is checked, and what follows from that.
func (b *builder) howToVerify(w io.Writer) error {
	var missing strings.Builder
	for _, s := range notProved {
		missing.WriteString("- " + s + "\n")
	}
	_, err := fmt.Fprintf(w, `# How to verify this report

You need the archive as you received it, the program assize-verify, and the ledger's public key from a source
that you trust: not from this archive. No network is needed.

    assize-verify --key ledger.pub report.zip

The program ends with status 0 when everything holds, 1 when something does not, 2 when it cannot read its input.

## What is checked

1. The archive is a ZIP in its one form: no byte belongs to nothing.
2. Every file has the size and the SHA-256 that manifest.jsonl says, in that order, and there are no others.
3. digest.txt has the SHA-256 of manifest.jsonl, signed (Ed25519, C2SP signed note) with the ledger's key.
4. ledger/checkpoint is signed with the same key. It is of the log %s and of %d entries.
5. Every entry of the assessment in ledger/leaves-*.jsonl stands in the tree of that checkpoint (RFC 6962 inclusion proof).
6. The entries are numbered 1 to %d without a gap: none was left out.
7. The SHA-256 of every file of evidence is the one that its entry has recorded. A file that is missing has
   an entry that says it was destroyed, or was not selected for this report.
8. framework.json is the text that the assessment has pinned.

Every step is described, with test vectors, in docs/report-format.md of the project (format %s), so that you can
write the program again or check single steps with other tools:

    assize-verify --proof INDEX report.zip     the entry's proof as a C2SP tlog-proof@v1

## What is not proved

%s
## By hand

    unzip report.zip
    cd %s
    sha256sum %s     compare with digest.txt
    sha256sum <any file>         compare with its line in %s
`, clean(b.checkpoint.Origin), b.checkpoint.Size, b.in.Report.Last, evidence.BundleFormat, missing.String(), b.archive.root, evidence.BundleManifest, evidence.BundleManifest)
	return err
}
