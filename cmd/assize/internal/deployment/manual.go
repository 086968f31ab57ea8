package deployment

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assessment"
	"github.com/assize-dev/assize/blob"
	"github.com/assize-dev/assize/evidence"
	"github.com/assize-dev/assize/objects"
)

// Given is what a person gives as evidence: exactly one of File, Text, Link, Statement and Answers.
type Given struct {
	assessment.Manual
	// File is the path of a document.
	File string
	// Text is an answer in words, at most [MaxText] characters.
	Text string
	// Link is an object as s3://bucket/key; its version, digest and size where they could be read.
	Link *Link
	// Statement is attested by Signer, who acts.
	Statement, Signer string
	// Answers to the questions of a governance record, as read from a file.
	Answers map[string]any
}

// MaxText is the longest text in characters (Audit Manager API, ManualEvidence: textResponse). Longer ones
// are documents.
const MaxText = 1000

// Link names an object that stays where it is.
type Link struct {
	URL     string `json:"url"`
	Version string `json:"version_id,omitempty"`
	SHA256  string `json:"sha256,omitempty"`
	Size    int64  `json:"size,omitempty"`
	// NotRead says why version, digest and size are not there.
	NotRead string `json:"not_read,omitempty"`
}

// The bodies of what is given in words. Salt keeps a short text from being guessed by its digest.
type (
	textBody struct {
		Format string `json:"format"`
		Author string `json:"author"`
		Text   string `json:"text"`
		Salt   string `json:"salt"`
	}
	linkBody struct {
		Format string `json:"format"`
		Author string `json:"author"`
		Link   Link   `json:"link"`
		Salt   string `json:"salt"`
	}
	attestationBody struct {
		Format    string    `json:"format"`
		Author    string    `json:"author"`
		Statement string    `json:"statement"`
		Signer    string    `json:"signer"`
		Signed    time.Time `json:"signed_at"`
		Salt      string    `json:"salt"`
	}
	answersBody struct {
		Format  string         `json:"format"`
		Author  string         `json:"author"`
		Record  string         `json:"record"`
		Library string         `json:"library_digest"`
		Answers map[string]any `json:"answers"`
		Salt    string         `json:"salt"`
	}
)

// Add adds evidence that a person gives to an assessment.
func (d *Deployment) Add(ctx context.Context, id, actor string, g Given) (*assessment.Evidence, error) {
	body, err := d.body(ctx, id, actor, &g)
	if err != nil {
		return nil, err
	}
	// What is wrong with the rest is found before anything is written.
	g.Manual.Body, g.Size = body.Digest, body.Size
	expected, err := d.Service.CheckManual(ctx, id, actor, g.Manual)
	if err != nil {
		return nil, err
	}
	if err := g.fits(expected); err != nil {
		return nil, err
	}
	if g.Location, err = d.put(ctx, body); err != nil {
		return nil, err
	}
	return d.Service.AddManual(ctx, id, actor, g.Manual)
}

// fits reports whether what is given is what the expectation asks for. A document may stand for all of it: it may
// be a statement that was signed, or a form that was filled in.
func (g *Given) fits(e *assize.Expectation) error {
	if e == nil || g.File != "" {
		return nil
	}
	ok, want := true, ""
	switch e.Kind {
	case assize.ByFile:
		ok, want = g.Link != nil, "a document (--file or --link)"
	case assize.ByText:
		ok, want = g.Text != "", "a text (--text), or a document"
	case assize.ByAttestation:
		ok, want = g.Statement != "", "a statement (--attest), or a document"
	case assize.ByQuestionnaire:
		ok, want = g.Answers != nil, "answers to "+e.Record+" (--answers), or a document"
	case assize.ByCheck, assize.ByAPI, assize.ByConfig, assize.BySecurityHub, assize.ByCloudTrail, assize.ByInference:
	}
	if !ok {
		return fmt.Errorf("expectation %s asks for %s", e.ID, want)
	}
	return nil
}

func (d *Deployment) body(ctx context.Context, id, actor string, g *Given) (blob.Body, error) {
	given := 0
	for _, there := range []bool{g.File != "", g.Text != "", g.Link != nil, g.Statement != "", g.Answers != nil} {
		if there {
			given++
		}
	}
	if given != 1 {
		return blob.Body{}, errors.New("evidence: give one of a file, a text, a link, a statement, or answers")
	}
	switch {
	case strings.TrimSpace(g.Text) == "" && g.Text != "", strings.TrimSpace(g.Statement) == "" && g.Statement != "":
		return blob.Body{}, errors.New("evidence: the text is blank")
	case g.File != "":
		media, err := MediaType(g.File)
		if err != nil {
			return blob.Body{}, err
		}
		g.MediaType, g.FileName = media, filepath.Base(g.File)
		return fileBody(g.File)
	case g.Text != "":
		if n := utf8.RuneCountInString(g.Text); n > MaxText {
			return blob.Body{}, fmt.Errorf("text: %d characters, more than %d: give it as a file (.txt, .md)", n, MaxText)
		}
		return g.json("assize-text/1", textBody{Format: "assize-text/1", Author: actor, Text: g.Text, Salt: salt()})
	case g.Link != nil:
		if _, key, err := objects.Parse(g.Link.URL); err != nil || key == "" {
			return blob.Body{}, fmt.Errorf("link %q: want s3://bucket/key", g.Link.URL)
		}
		d.look(ctx, g.Link)
		g.Manual.NotRead = g.Link.NotRead
		return g.json("assize-s3-link/1", linkBody{Format: "assize-s3-link/1", Author: actor, Link: *g.Link, Salt: salt()})
	case g.Statement != "":
		if g.Signer == "" {
			g.Signer = actor
		}
		return g.json("assize-attestation/1", attestationBody{
			Format: "assize-attestation/1", Author: actor, Statement: g.Statement, Signer: g.Signer, Signed: d.Now().UTC(), Salt: salt(),
		})
	}
	return d.answers(ctx, id, actor, g)
}

// look fills in what an object is, or why that is not known: that it was named is kept then, and answers nothing.
func (d *Deployment) look(ctx context.Context, l *Link) {
	client, err := d.objects(ctx)
	var o *objects.Object
	if err == nil {
		o, err = client.Look(ctx, l.URL)
	}
	if err != nil {
		l.NotRead = err.Error()
		return
	}
	l.Version, l.SHA256, l.Size = o.Version, o.Digest.Hex(), o.Size
}

// json makes a body of what is given in words.
func (g *Given) json(kind string, v any) (blob.Body, error) {
	text, err := evidence.Canonical(v)
	if err != nil {
		return blob.Body{}, fmt.Errorf("evidence: %w", err)
	}
	g.MediaType = "application/json"
	if g.Attributes == nil {
		g.Attributes = map[string]string{}
	}
	g.Attributes["format"] = kind
	return blob.Bytes(text), nil
}

func salt() string {
	var b [16]byte
	rand.Read(b[:]) // it never fails, see crypto/rand
	return hex.EncodeToString(b[:])
}

// answers holds the answers against the record that the expectation names.
func (d *Deployment) answers(ctx context.Context, id, actor string, g *Given) (blob.Body, error) {
	a, err := d.Store.Assessment(ctx, id)
	if err != nil {
		return blob.Body{}, err
	}
	fw, err := d.Framework(ctx, a.Framework)
	if err != nil {
		return blob.Body{}, err
	}
	record, err := recordOf(fw, g)
	if err != nil {
		return blob.Body{}, err
	}
	content, err := d.Content()
	if err != nil {
		return blob.Body{}, err
	}
	schema, err := content.Library.Record(record)
	if err != nil {
		return blob.Body{}, err
	}
	if err := checkAnswers(schema, g.Answers); err != nil {
		return blob.Body{}, err
	}
	return g.json("assize-answers/1", answersBody{
		Format: "assize-answers/1", Author: actor, Record: record, Library: content.Library.Digest, Answers: g.Answers, Salt: salt(),
	})
}

// recordOf finds the record that the questionnaire of the control fills in.
func recordOf(fw *assize.Framework, g *Given) (string, error) {
	var found []*assize.Expectation
	for i := range fw.Groups {
		for c := range fw.Groups[i].Controls {
			control := &fw.Groups[i].Controls[c]
			if fw.Groups[i].ID != g.ControlSet || control.ID != g.Control {
				continue
			}
			for e := range control.Expectations {
				x := &control.Expectations[e]
				if x.Kind == assize.ByQuestionnaire && (g.Expectation == "" || g.Expectation == x.ID) {
					found = append(found, x)
				}
			}
		}
	}
	if len(found) != 1 {
		return "", fmt.Errorf("control %s has %d questionnaires that this could answer: name one with its expectation", g.Control, len(found))
	}
	g.Expectation = found[0].ID
	return found[0].Record, nil
}
