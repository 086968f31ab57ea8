package verify

import (
	"fmt"

	"github.com/assize-dev/assize/evidence"
)

// conclude says in sentences what follows from what was checked.
func (v *verifier) conclude() {
	r := v.report
	r.NotProved = []string{
		"that AWS told the truth, or that the sources were complete: see the accounts and Regions covered, and the gaps",
		"that the scope that was chosen is the whole of what matters",
		"that whoever holds the signing key did not write another history before anybody else had seen a checkpoint: compare this checkpoint with one that you were given earlier, or with a witness",
		"the times in the ledger: they are the ledger's own clock",
		"that tables, charts and summaries were computed rightly: they are signed with the bundle, and can be computed again from the evidence",
	}
	if !r.KeyGiven {
		r.NotProved = append([]string{"who made the bundle: it was checked with the key that it brings along; give the key that you trust with --key"}, r.NotProved...)
	}
	if len(r.Faults) > 0 {
		r.NotProved = append([]string{"anything: the bundle has faults"}, r.NotProved...)
		return
	}
	r.Proved = []string{
		fmt.Sprintf("all %d files are those that the key %s has signed: none was changed, added, left out or renamed", r.Files, v.log.Name()),
		fmt.Sprintf("all %d entries of the assessment, numbers 1 to %d without a gap, stand in the ledger, whose checkpoint covers %d entries",
			r.Leaves, r.Header.Last, r.Checkpoint.Size),
		fmt.Sprintf("the bodies of %d of %d pieces of evidence are those that the ledger recorded", r.Bodies, r.Evidence),
		evidence.BundleFramework + " is the text of the framework that the assessment has pinned",
	}
	if r.Destroyed > 0 {
		r.Proved = append(r.Proved, fmt.Sprintf("%d bodies were destroyed, and the ledger has the tombstone of each", r.Destroyed))
	}
	if r.Unselected > 0 {
		r.Proved = append(r.Proved, fmt.Sprintf("%d pieces of evidence are in the ledger and were not selected for this report", r.Unselected))
	}
}
