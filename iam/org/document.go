package org

import (
	"crypto/sha256"
	"maps"
	"slices"
	"strings"

	"github.com/assize-dev/assize/iam"
)

// Document is one policy text. However often a text is attached, there is one Document.
type Document struct {
	// Hash is the SHA-256 of the text without white space.
	Hash [sha256.Size]byte
	// Policy is parsed; one that is no policy is [iam.Unreadable] with the reason.
	Policy *iam.Policy

	id       int
	mentions []string // condition keys, lower case, sorted
	callers  callerTests
	objects  []string // patterns of Resource that allow some objects of a bucket
}

// Attachment is a document under the name by which it stands in one place.
type Attachment struct {
	Name string // ARN of a managed policy, "ROLE/NAME" of an inline one
	*Document
}

// library interns documents. Texts are hashed before they are parsed, since most are
// attached many times; those that differ in white space only are one document.
type library struct {
	byText map[[sha256.Size]byte]*Document // by the text as read
	byHash map[[sha256.Size]byte]*Document
	all    []*Document
}

func newLibrary() *library {
	return &library{byText: map[[sha256.Size]byte]*Document{}, byHash: map[[sha256.Size]byte]*Document{}}
}

// read finds or parses a text, percent-encoded or plain.
func (l *library) read(text []byte) *Document {
	hash := sha256.Sum256(text)
	if d := l.byText[hash]; d != nil {
		return d
	}
	policy, err := iam.ParseEncoded(string(text))
	canonical := text
	if err != nil {
		policy = iam.Unreadable("", "the policy cannot be read: "+err.Error())
	} else {
		canonical = []byte(policy.String())
	}
	d := l.intern(canonical, policy)
	l.byText[hash] = d
	return d
}

// intern finds or adds the document of a policy by its compact text.
func (l *library) intern(canonical []byte, policy *iam.Policy) *Document {
	hash := sha256.Sum256(canonical)
	if d := l.byHash[hash]; d != nil {
		return d
	}
	return l.add(hash, policy)
}

// known adds the document of a policy that was parsed elsewhere; one that is no policy says nothing.
func (l *library) known(p *iam.Policy) {
	if _, ok := p.Readable(); ok {
		l.intern([]byte(p.String()), p)
	}
}

// unreadable is a document that exists and could not be had.
func (l *library) unreadable(reason string) *Document {
	hash := sha256.Sum256([]byte("unreadable\x00" + reason))
	if d := l.byHash[hash]; d != nil {
		return d
	}
	return l.add(hash, iam.Unreadable("", reason))
}

func (l *library) add(hash [sha256.Size]byte, policy *iam.Policy) *Document {
	d := &Document{Hash: hash, Policy: policy, id: len(l.all), mentions: mentionsOf(policy), callers: callerTestsOf(policy), objects: objectsOf(policy)}
	l.byHash[hash] = d
	l.all = append(l.all, d)
	return d
}

// clone is a library to which more can be added without changing l.
func (l *library) clone() *library {
	return &library{byText: maps.Clone(l.byText), byHash: maps.Clone(l.byHash), all: slices.Clone(l.all)}
}

// mentionsOf lists the keys of conditions and variables.
func mentionsOf(p *iam.Policy) []string {
	var out []string
	for i := range p.Len() {
		s := p.Statement(i)
		for _, c := range s.Comparisons() {
			out = append(out, strings.ToLower(c.Key()))
			for _, v := range c.Variables() {
				out = append(out, strings.ToLower(v))
			}
		}
		for _, v := range s.ResourceVariableKeys() {
			out = append(out, strings.ToLower(v))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
