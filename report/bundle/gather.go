package bundle

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assessment"
	"github.com/assize-dev/assize/evidence"
)

// content is what the bundle says: the assessment as its leaves add up, up to the one that asked for the report.
type content struct {
	in        *Input
	at        time.Time
	state     *assessment.State
	framework *assize.Framework
	controls  []control
	byKey     map[assessment.ControlKey]int
	items     []*item
	left      int // items that were not selected
	run       *assessment.RunEvent
	windows   map[string]*assessment.Occurrence
	destroyed map[evidence.Digest]int64 // ledger index of the last tombstone of a body
	texts     *interner
	last      *assessment.Stored
}

// control is one control with all that the bundle says about it.
type control struct {
	// number is the position in content.controls.
	number  int
	group   *assize.Group
	control *assize.Control
	derived *assessment.Derived
	state   *assessment.ControlState
	folder  string
	// items by position in content.items, in the order of time.
	items      []int
	days       []day
	total      tally
	exceptions []assessment.Exception
	windows    []*assessment.Occurrence
}

// day counts the verdicts of a UTC day.
type day struct {
	date string
	time time.Time
	tally
}

// tally counts verdicts, with the fails that an exception covers.
type tally struct{ compliant, nonCompliant, inconclusive, notApplicable, excepted int }

func (t *tally) add(it *item, excepted bool) {
	switch verdict(it.outcome) {
	case compliant:
		t.compliant++
	case nonCompliant:
		t.nonCompliant++
		if excepted {
			t.excepted++
		}
	case notApplicable:
		t.notApplicable++
	default:
		t.inconclusive++
	}
}

// sum adds what another tally has counted.
func (t *tally) sum(more *tally) {
	t.compliant += more.compliant
	t.nonCompliant += more.nonCompliant
	t.inconclusive += more.inconclusive
	t.notApplicable += more.notApplicable
	t.excepted += more.excepted
}

func (t *tally) all() int { return t.compliant + t.nonCompliant + t.inconclusive + t.notApplicable }

// gather reads the leaves of the assessment once.
func gather(ctx context.Context, in *Input) (*content, error) {
	c := &content{
		in: in, at: in.Report.Created.UTC(), state: assessment.NewState(), framework: &assize.Framework{}, texts: newInterner(),
		byKey: map[assessment.ControlKey]int{}, windows: map[string]*assessment.Occurrence{}, destroyed: map[evidence.Digest]int64{},
	}
	if err := json.Unmarshal(in.Framework, c.framework); err != nil {
		return nil, fmt.Errorf("framework: %w", err)
	}
	c.plan()
	exceptions, err := c.exceptions(ctx)
	if err != nil {
		return nil, err
	}
	if err := c.state.Fold(c.upTo(ctx, exceptions)); err != nil {
		return nil, err
	}
	if err := c.complete(); err != nil {
		return nil, err
	}
	all := len(c.items)
	c.items = slices.DeleteFunc(c.items, func(it *item) bool { return !c.selected(it) })
	c.left = all - len(c.items)
	slices.SortStableFunc(c.items, func(a, b *item) int { return cmp.Or(a.collected.Compare(b.collected), cmp.Compare(a.index, b.index)) })
	if err := c.locate(ctx); err != nil {
		return nil, err
	}
	c.arrange()
	c.texts = nil
	return c, nil
}

// located is how many bodies the ledger is asked for at a time.
const located = 500

// locate finds the bodies. One that is not there must have a tombstone; one before the evidence speaks about the same
// body, stored earlier.
func (c *content) locate(ctx context.Context) error {
	for part := range slices.Chunk(c.items, located) {
		digests := make([]evidence.Digest, len(part))
		for i := range part {
			digests[i] = part[i].body
		}
		at, err := c.in.Ledger.Locate(ctx, digests)
		if err != nil {
			return fmt.Errorf("locate bodies: %w", err)
		}
		for i := range part {
			it := part[i]
			found, ok := at[it.body]
			tombstone, dead := c.destroyed[it.body]
			switch {
			case ok:
				it.at = location{c.texts.of(found.Segment), found.Offset, found.Length, found.Size}
			case dead && tombstone > it.index:
				it.destroyed = true
			default:
				return fmt.Errorf("the body %s of evidence %s is not in the store, and no leaf behind it up to %d says that it was destroyed: "+
					"if it was since, ask for a new report", it.body, it.id, c.in.Report.Last)
			}
		}
	}
	return nil
}

// plan lays out the controls in the order of the framework.
func (c *content) plan() {
	derived := map[assessment.ControlKey]*assessment.Derived{}
	for i := range c.in.Status {
		d := &c.in.Status[i]
		derived[assessment.ControlKey{Set: d.ControlSet, Control: d.Control}] = d
	}
	for g := range c.framework.Groups {
		group := &c.framework.Groups[g]
		for i := range group.Controls {
			key := assessment.ControlKey{Set: group.ID, Control: group.Controls[i].ID}
			d := derived[key]
			if d == nil {
				d = &assessment.Derived{ControlSet: key.Set, Control: key.Control, Status: assessment.NotEvaluable, Reason: "no status was derived"}
			}
			c.byKey[key] = len(c.controls)
			c.controls = append(c.controls, control{
				number: len(c.controls), group: group, control: &group.Controls[i], derived: d, folder: controlFolder(key.Set, key.Control),
			})
		}
	}
}

// exceptions as they stand at the end: which evidence they cover is asked of each piece while it is whole.
func (c *content) exceptions(ctx context.Context) ([]assessment.Exception, error) {
	s := assessment.NewState()
	for stored, err := range c.in.Ledger.ScopeLeaves(ctx, c.in.Assessment, 0, evidence.KindException) {
		if err != nil {
			return nil, err
		}
		if stored.Sequence > c.in.Report.Last {
			break
		}
		if err := s.Fold(one(stored)); err != nil {
			return nil, err
		}
	}
	return slices.DeleteFunc(s.Exceptions, func(e assessment.Exception) bool { return !e.Holds(c.at) }), nil
}

func one(s assessment.Stored) iter.Seq2[assessment.Stored, error] {
	return func(yield func(assessment.Stored, error) bool) { yield(s, nil) }
}

// upTo yields the leaves of the bundle, and takes from each what the state does not keep.
func (c *content) upTo(ctx context.Context, exceptions []assessment.Exception) iter.Seq2[assessment.Stored, error] {
	return func(yield func(assessment.Stored, error) bool) {
		for stored, err := range c.in.Ledger.ScopeLeaves(ctx, c.in.Assessment, 0) {
			if err == nil && stored.Sequence > c.in.Report.Last {
				return
			}
			if err == nil {
				err = c.leaf(&stored, exceptions)
			}
			if !yield(stored, err) || err != nil {
				return
			}
			c.last = &stored
		}
	}
}

func (c *content) leaf(at *assessment.Stored, exceptions []assessment.Exception) error {
	switch at.Leaf.Kind {
	case evidence.KindEvidence:
		var e assessment.Evidence
		if err := json.Unmarshal(at.Leaf.Body, &e); err != nil {
			return fmt.Errorf("evidence of leaf %d: %w", at.Index, err)
		}
		it := c.texts.newItem(at, &e)
		for _, p := range e.Places {
			n, ok := c.byKey[assessment.ControlKey{Set: p.ControlSet, Control: p.Control}]
			if !ok {
				n = -1
			}
			it.places = append(it.places, place{n, c.texts.of(p.Expectation), exceptedBy(exceptions, &e, p)})
			if !c.in.Report.All {
				it.folders = append(it.folders, assessment.FolderID(&assessment.Folder{
					Assessment: c.in.Assessment, ControlSet: p.ControlSet, Control: p.Control, Day: dayOf(it.collected), DataSource: it.source,
				}))
			}
		}
		c.items = append(c.items, it)
	case evidence.KindRun:
		c.run = &assessment.RunEvent{}
		return json.Unmarshal(at.Leaf.Body, c.run)
	case evidence.KindOccurrence:
		var e assessment.OccurrenceEvent
		if err := json.Unmarshal(at.Leaf.Body, &e); err != nil {
			return fmt.Errorf("due window of leaf %d: %w", at.Index, err)
		}
		c.windows[e.Occurrence.ID] = &e.Occurrence
	case evidence.KindDeletion:
		var e assessment.DeletionEvent
		if err := json.Unmarshal(at.Leaf.Body, &e); err != nil {
			return fmt.Errorf("tombstone of leaf %d: %w", at.Index, err)
		}
		c.destroyed[e.Body] = at.Index
	case evidence.KindAssessment, evidence.KindFramework, evidence.KindDecision, evidence.KindComment, evidence.KindDelegation,
		evidence.KindException, evidence.KindWorkload, evidence.KindSelection, evidence.KindReport, evidence.KindHold,
		evidence.KindKey, evidence.KindAcknowledgement:
		// The state folds them, or they concern the deployment.
	}
	return nil
}

// exceptedBy is the id of the first exception that covers evidence which fails, at one of its places.
func exceptedBy(exceptions []assessment.Exception, e *assessment.Evidence, at assessment.Place) string {
	if e.Outcome != assize.Fail {
		return ""
	}
	for i := range exceptions {
		if x := &exceptions[i]; x.ControlSet == at.ControlSet && x.Control == at.Control && x.Covers(e) {
			return x.ID
		}
	}
	return ""
}

// complete checks that the leaves are those of the report, and that the framework is the pinned one.
func (c *content) complete() error {
	switch {
	case c.last == nil || c.last.Sequence != c.in.Report.Last:
		return fmt.Errorf("the leaf %d that asked for the report is not there", c.in.Report.Last)
	case c.last.Leaf.Kind != evidence.KindReport || c.last.Leaf.Subject != "report/"+c.in.Report.ID:
		return fmt.Errorf("leaf %d does not ask for report %s: it is about %q", c.in.Report.Last, c.in.Report.ID, c.last.Leaf.Subject)
	}
	if want := c.state.Assessment.Framework.Digest; evidence.DigestOf(c.in.Framework) != want {
		return fmt.Errorf("the framework has the digest %s, the assessment has pinned %s", evidence.DigestOf(c.in.Framework), want)
	}
	return nil
}

// selected reports whether the report is to hold a piece of evidence: all, or what was selected itself
// or by one of its folders.
func (c *content) selected(it *item) bool {
	if c.in.Report.All || c.state.SelectedEvidence[it.id] {
		return true
	}
	return slices.ContainsFunc(it.folders, func(id string) bool { return c.state.SelectedFolders[id] })
}

// elsewhere is the folder of bodies whose control the framework does not have.
const elsewhere = "other-evidence"

// arrange gives each body its path, and sorts the evidence under the controls.
func (c *content) arrange() {
	taken := map[string]int{}
	for i := range c.items {
		it := c.items[i]
		folder := elsewhere
		for _, p := range it.places {
			if p.control < 0 {
				continue
			}
			if folder == elsewhere {
				folder = c.controls[p.control].folder
			}
			if k := &c.controls[p.control]; len(k.items) == 0 || k.items[len(k.items)-1] != i {
				k.items = append(k.items, i)
			}
		}
		if !it.destroyed {
			it.path = unique(taken, path.Join(folder, slug(it.source, maxSourceName), dayOf(it.collected), bodyName(it)))
		}
	}
	for i := range c.controls {
		c.arrangeControl(&c.controls[i])
	}
}

func (c *content) arrangeControl(k *control) {
	key := assessment.ControlKey{Set: k.group.ID, Control: k.control.ID}
	if k.state = c.state.Controls[key]; k.state == nil {
		k.state = &assessment.ControlState{Status: assessment.UnderReview}
	}
	for _, n := range k.items {
		it := c.items[n]
		excepted := it.exceptedIn(k.number) != ""
		k.days = addDay(k.days, it, excepted)
		k.total.add(it, excepted)
	}
	for _, e := range c.state.Exceptions {
		if e.ControlSet == key.Set && e.Control == key.Control {
			k.exceptions = append(k.exceptions, e)
		}
	}
	for _, w := range c.windows {
		if w.ControlSet == key.Set && w.Control == key.Control {
			k.windows = append(k.windows, w)
		}
	}
	slices.SortFunc(k.windows, func(a, b *assessment.Occurrence) int { return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.ID, b.ID)) })
}

// unique gives a path that no file has yet, also where upper and lower case are one.
func unique(taken map[string]int, name string) string {
	key := strings.ToLower(name)
	taken[key]++
	if n := taken[key]; n > 1 {
		ext := path.Ext(name)
		return unique(taken, strings.TrimSuffix(name, ext)+"-"+strconv.Itoa(n)+ext)
	}
	return name
}

// days of all items, for the chart of the whole assessment. Charts do not show what is excepted: it is not counted.
func (c *content) days() []day {
	var out []day
	for i := range c.items {
		out = addDay(out, c.items[i], false)
	}
	return out
}

// daysOf counts the items of a control set; one that serves several of its controls counts once.
func (c *content) daysOf(group *assize.Group) []day {
	var all []int
	for i := range c.controls {
		if c.controls[i].group == group {
			all = append(all, c.controls[i].items...)
		}
	}
	slices.Sort(all)
	var out []day
	for _, i := range slices.Compact(all) {
		out = addDay(out, c.items[i], false)
	}
	return out
}

// addDay counts an item, given in the order of time.
func addDay(days []day, it *item, excepted bool) []day {
	if date := dayOf(it.collected); len(days) == 0 || days[len(days)-1].date != date {
		days = append(days, day{date: date, time: it.collected.UTC().Truncate(24 * time.Hour)})
	}
	days[len(days)-1].add(it, excepted)
	return days
}
