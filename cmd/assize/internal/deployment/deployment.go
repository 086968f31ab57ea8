package deployment

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assessment"
	"github.com/assize-dev/assize/blob"
	"github.com/assize-dev/assize/collect"
	"github.com/assize-dev/assize/evidence"
	"github.com/assize-dev/assize/iam/sar"
	"github.com/assize-dev/assize/jobs"
	"github.com/assize-dev/assize/library"
	"github.com/assize-dev/assize/objects"
)

// Content is what judges.
type Content struct {
	Library *library.Library
	Profile *assize.Profile
	// Data is the Service Authorization Reference; nil is the one built in.
	Data *sar.Data
}

// Live reads the accounts of an assessment into a collection.
type Live func(ctx context.Context, a *assessment.Assessment, s Source, journal collect.Journal, into *collect.Collection) error

// Objects writes and reads objects, which are named as s3://bucket/key.
type Objects interface {
	// Put writes a file as an object.
	Put(ctx context.Context, where, path string) error
	// Look reads an object to its end and tells what it is.
	Look(ctx context.Context, where string) (*objects.Object, error)
	// Remove removes an object; that it is not there is no error.
	Remove(ctx context.Context, where string) error
}

// Config gives a deployment what is not stored.
type Config struct {
	// Now is the clock; nil: the computer's.
	Now func() time.Time
	// Content is loaded when it is first needed: what only lists needs none.
	Content func() (*Content, error)
	// Live reads accounts; nil: only snapshots can be read.
	Live Live
	// Objects makes the client of S3; nil: reports go to folders, and objects that evidence names are not read.
	Objects func(ctx context.Context) (Objects, error)
	// Operation reports whether a collector asks the operation, and which types it lists.
	Operation func(name string) (types []string, asked bool)
	// PartSize is how many pieces of evidence are stored at a time; 0: 500.
	PartSize int
	// Version of the program, for snapshots and runs.
	Version string
}

// Deployment is one deployment, open.
type Deployment struct {
	*Parts
	Config
	Service   *assessment.Service
	Blobs     *blob.Store
	Publisher *jobs.Publisher

	mu         sync.Mutex
	frameworks map[evidence.Digest]*assize.Framework
}

// New makes a deployment of its parts. It records the ledger's key, once.
func New(ctx context.Context, p *Parts, c Config) (*Deployment, error) {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.PartSize == 0 {
		c.PartSize = partSize
	}
	d := &Deployment{
		Parts: p, Config: c, Blobs: blob.New(p.Backend, p.Wrapper, p.Older...), frameworks: map[evidence.Digest]*assize.Framework{},
	}
	d.Service = assessment.NewService(p.Store, assessment.Config{Now: c.Now, NewID: NewID, Framework: d.Framework})
	d.Publisher = &jobs.Publisher{
		Ledger: p.Store, Place: p.Place, Signer: p.Log.Signer, Verifier: p.Log.Verifier, Acknowledged: d.Service.Acknowledged,
	}
	return d, d.announceKey(ctx)
}

// announceKey records the ledger's key unless it is recorded.
func (d *Deployment) announceKey(ctx context.Context) error {
	for stored, err := range d.Store.ScopeLeaves(ctx, "", 0, evidence.KindKey) {
		if err != nil {
			return fmt.Errorf("keys of the ledger: %w", err)
		}
		if stored.Leaf.Subject == assessment.KeySubject(d.Log.VerifierText) {
			return nil
		}
	}
	return d.Service.PublishKey(ctx, "assize", d.Log.VerifierText)
}

// NewID makes a random UUID (version 4, RFC 9562), lower case.
func NewID() string {
	var b [16]byte
	rand.Read(b[:]) // it never fails, see crypto/rand
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:16])
}

// Runner makes the runner of this process.
func (d *Deployment) Runner(c jobs.LocalConfig) (*jobs.Local, error) {
	host, err := os.Hostname()
	if err != nil {
		return nil, fmt.Errorf("name of this computer: %w", err)
	}
	c.Now, c.Holder = d.Now, fmt.Sprintf("%s/%d/%s", host, os.Getpid(), NewID()[:8])
	return jobs.NewLocal(d.Store, d, c), nil
}

// Scheduler makes the scheduler of a runner.
func (d *Deployment) Scheduler(r jobs.Runner) *jobs.Scheduler {
	return &jobs.Scheduler{Assessments: d.Store, Runner: r, Windows: d.Service, Now: d.Now}
}

// folder of a run under way.
func (d *Deployment) folder(run *assessment.Run) string { return filepath.Join(d.Data, "runs", run.ID) }
