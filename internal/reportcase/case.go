// Package reportcase makes assessments with a ledger, for tests and measurements of report bundles: the real
// service over SQLite and encrypted bodies, with a clock, ids and a key that are always the same.
package reportcase

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assessment"
	"github.com/assize-dev/assize/blob"
	"github.com/assize-dev/assize/evidence"
	"github.com/assize-dev/assize/keys"
	"github.com/assize-dev/assize/report/bundle"
	"github.com/assize-dev/assize/store/sqlite"
)

// Keys of the test vectors. They are published and protect nothing.
const (
	SignerText   = "PRIVATE+KEY+test.example/assize+37b6ac60+ATWgyfOctcZxA2QcY9boCPbVJNoZALshgatN9zncr2HS"
	Key          = "test.example/assize+37b6ac60+AUFEXo+x6vWzJbh4c56/+l545X5gDJgdvraoca4B+4An"
	OtherSigner  = "PRIVATE+KEY+test.example/assize+caf4904a+AfPV0zUegUtjkL+DeDIPY6KpuJK/gDFYsMC5LMOZPpQd"
	OtherKey     = "test.example/assize+caf4904a+AcwJnmm2E/xqSzsBgTnHmkO943rT31AeLK/MjAfk8nW0"
	Account      = "111122223333"
	requestsSize = 500
)

// Options say how large an assessment is.
type Options struct {
	// Items of evidence of checks, over Days; each has a body of about BodySize bytes.
	Items, Days, BodySize int
	// Controls of the framework.
	Controls int
	// Text stands in everything that comes from outside; empty: ordinary words.
	Text string
	// Salt makes ids that no other case has.
	Salt string
}

// Store is what a case uses of a store, beside what the service does.
type Store interface {
	assessment.ServiceStore
	bundle.Ledger
	Close() error
}

// Case is one assessment.
type Case struct {
	Options
	Store      Store
	Blobs      *blob.Store
	Service    *assessment.Service
	Assessment *assessment.Assessment
	Framework  *assize.Framework
	Pinned     []byte // canonical JSON of the framework
	Signer     note.Signer
	// At is the clock.
	At  time.Time
	ids int
}

// New makes a case in a folder: an assessment with runs, manual evidence, decisions and exceptions.
func New(ctx context.Context, folder string, o Options) (*Case, error) {
	c := &Case{Options: o, At: time.Date(2026, 3, 2, 6, 0, 0, 0, time.UTC), Framework: framework(&o)}
	store, err := sqlite.Open(ctx, filepath.Join(folder, "assize.db"))
	if err != nil {
		return nil, err
	}
	c.Store = store
	if err := c.fill(ctx, folder); err != nil {
		return nil, fmt.Errorf("report case: %w", err)
	}
	return c, nil
}

func (c *Case) fill(ctx context.Context, folder string) error {
	files, err := blob.NewFiles(filepath.Join(folder, "blobs"))
	if err != nil {
		return err
	}
	wrapper, err := keys.OpenFile(filepath.Join(folder, "keys"))
	if err != nil {
		return err
	}
	c.Blobs = blob.New(files, wrapper)
	if c.Signer, err = note.NewSigner(SignerText); err != nil {
		return err
	}
	if c.Pinned, err = evidence.Canonical(c.Framework); err != nil {
		return err
	}
	c.Service = assessment.NewService(c.Store, assessment.Config{
		Now: func() time.Time { return c.At },
		NewID: func() string {
			c.ids++
			return assessment.NameID("reportcase", c.Salt, fmt.Sprint(c.ids))
		},
		Framework: func(context.Context, assessment.FrameworkRef) (*assize.Framework, error) { return c.Framework, nil },
	})
	for _, step := range []func(context.Context) error{c.create, c.runs, c.people} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// word is text from outside: the hostile one of the case, or an ordinary one.
func (o *Options) word(ordinary string) string {
	if o.Text != "" {
		return o.Text
	}
	return ordinary
}

func (c *Case) create(ctx context.Context) error {
	name := strings.Map(func(r rune) rune {
		if strings.ContainsRune("\\\n\r", r) {
			return -1
		}
		return r
	}, c.word("AI platform, production"))
	var err error
	c.Assessment, err = c.Service.Create(ctx, assessment.Assessment{
		Name: name[:min(len(name), 290)], Description: c.word("Quarterly assessment of the AI platform."),
		Framework:   assessment.FrameworkRef{ID: "example", Title: c.Framework.Title, Version: c.Framework.Version, Digest: evidence.DigestOf(c.Pinned)},
		Destination: "reports", Accounts: []assize.Account{{ID: Account, Name: c.word("acme-ml-prod")}}, Regions: []string{"eu-central-1", "us-east-1"},
	}, "maria")
	return err
}

// Put keeps a body.
func (c *Case) Put(ctx context.Context, data ...[]byte) ([]assessment.BlobLocation, error) {
	bodies := make([]blob.Body, len(data))
	for i := range data {
		bodies[i] = blob.Bytes(data[i])
	}
	return c.Blobs.Put(ctx, bodies...)
}

// Input asks for a report and gives what a bundle of it is made of.
func (c *Case) Input(ctx context.Context, name string, all bool) (bundle.Input, error) {
	c.At = c.At.Add(time.Minute)
	r, err := c.Service.AskReport(ctx, c.Assessment.ID, "maria", name, c.word("For the auditor."), all)
	if err != nil {
		return bundle.Input{}, err
	}
	status, err := c.Service.Status(ctx, c.Assessment.ID)
	if err != nil {
		return bundle.Input{}, err
	}
	checkpoint, err := c.Checkpoint(ctx)
	return bundle.Input{
		Ledger: c.Store, Bodies: c.Blobs, Assessment: c.Assessment.ID, Report: *r, Status: status, Framework: c.Pinned,
		Checkpoint: checkpoint, Key: Key, Signer: c.Signer, Version: "1.0.0-test",
	}, err
}

// Checkpoint signs the ledger as it is.
func (c *Case) Checkpoint(ctx context.Context) ([]byte, error) {
	size, err := c.Store.Size(ctx)
	if err != nil {
		return nil, err
	}
	root, err := evidence.Root(size, c.Hashes(ctx))
	if err != nil {
		return nil, err
	}
	return (&evidence.Checkpoint{Origin: c.Signer.Name(), Size: size, Root: root}).Sign(c.Signer)
}

// Hashes reads the tree.
func (c *Case) Hashes(ctx context.Context) evidence.HashReader { return reader{ctx, c.Store} }

type reader struct {
	ctx   context.Context
	store bundle.Ledger
}

func (r reader) ReadHashes(indexes []int64) ([]evidence.Hash, error) {
	return r.store.Hashes(r.ctx, indexes)
}
