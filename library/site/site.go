// Package site writes the content of a library as a static site: one page for each check, control,
// framework, common control, governance record and resource type, lists of them, and a search that
// needs no server. Every page reads without script; links are relative, so that it works from a
// folder, from any path of a server and from an archive; nothing is fetched from elsewhere.
package site

import (
	_ "embed" // style and script of the pages
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/library/reference"
)

var (
	//go:embed assets/site.css
	style []byte
	//go:embed assets/site.js
	script []byte
)

// Put takes one file of the site; path is relative, with slashes.
type Put func(path string, data []byte) error

// Write writes all files of the site, in a fixed order. The same content gives the same bytes. Its
// error is that of put.
func Write(r *reference.Reference, put Put) error {
	s := newSite(r)
	for _, f := range []struct {
		path string
		data []byte
	}{{"assets/site.css", style}, {"assets/site.js", script}} {
		if err := put(f.path, f.data); err != nil {
			return err
		}
	}
	index, err := s.searchIndex()
	if err != nil {
		return err
	}
	if err := put(indexPath, index); err != nil {
		return err
	}
	if err := put("index.html", s.home()); err != nil {
		return err
	}
	for _, l := range lists {
		if err := put(l.folder+"/index.html", s.list(l)); err != nil {
			return err
		}
	}
	for _, e := range r.Entries() {
		page, _ := r.Page(e.Key)
		if err := put(s.paths[e.Key], s.page(page)); err != nil {
			return err
		}
	}
	return nil
}

// A list is a page that lists all of a kind.
type list struct {
	kind          reference.Kind
	folder, title string
	lead          string
}

var lists = []list{
	{reference.Framework, "frameworks", "Frameworks", "Sets of controls, and requirements of laws and standards. Each page says whose it is and what of it is ours."},
	{reference.Check, "checks", "Checks", "Conditions that Assize judges in accounts, plans and templates, by service."},
	{reference.Common, "common", "Common controls", "The hub: frameworks are mapped to common controls, never to each other."},
	{reference.Record, "records", "Governance records", "Forms of what people write down: questionnaires and registers."},
	{reference.Type, "types", "Resource types", "What is read of AWS, under CloudFormation's names, and the call that answers each property."},
}

// folders of pages, by kind.
var folders = map[reference.Kind]string{
	reference.Framework: "frameworks", reference.Check: "checks", reference.Common: "common",
	reference.Record: "records", reference.Type: "types", reference.Control: "controls",
}

type site struct {
	r     *reference.Reference
	paths map[reference.Key]string
}

// newSite gives each page its path. Ids hold characters that file names should not, and file
// systems that take upper for lower case must not make two pages one.
func newSite(r *reference.Reference) *site {
	s := &site{r: r, paths: map[reference.Key]string{}}
	taken := map[string]bool{}
	for _, l := range lists {
		taken[l.folder+"/index"] = true
	}
	for _, e := range r.Entries() {
		parts := strings.Split(e.ID, "/")
		if e.Kind == reference.Control {
			parts = strings.SplitN(e.ID, "/", 2)
		}
		for i := range parts {
			parts[i] = slug(parts[i])
		}
		base := folders[e.Kind] + "/" + strings.Join(parts, "/")
		path := base
		for n := 2; taken[strings.ToLower(path)]; n++ {
			path = fmt.Sprintf("%s-%d", base, n)
		}
		taken[strings.ToLower(path)] = true
		s.paths[e.Key] = path + ".html"
	}
	return s
}

// slug is an id as a file name.
func slug(id string) string {
	words := strings.FieldsFunc(id, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '_' && r != '.'
	})
	if s := strings.Trim(strings.Join(words, "-"), "."); s != "" {
		return s
	}
	return "page"
}

// up leads from a page to the root of the site.
func up(path string) string { return strings.Repeat("../", strings.Count(path, "/")) }

// searchIndex is the data of the search: kind, id, title, what it is in, path. It is a script
// that sets a variable, since browsers load no other file beside a page from a folder.
func (s *site) searchIndex() ([]byte, error) {
	rows := make([][5]string, 0, len(s.r.Entries()))
	for _, e := range s.r.Entries() {
		id := e.ID
		if e.Kind == reference.Control {
			_, id, _ = strings.Cut(id, "/")
		}
		in := e.In
		if e.Kind == reference.Framework {
			in = strings.Join(s.r.Aliases(e.Key), "; ")
		}
		rows = append(rows, [5]string{e.Kind.Label(), id, e.Title, in, s.paths[e.Key]})
	}
	data, err := json.Marshal(rows)
	if err != nil {
		return nil, fmt.Errorf("write the index of the search: %w", err)
	}
	return slices.Concat([]byte(indexHead), data, []byte(";\n")), nil
}

// home is the first page.
func (s *site) home() []byte {
	p := s.begin("index.html", "Assize: what is checked, and for which control", "")
	p.str("<h1>What is checked, and for which control</h1>\n")
	p.str(`<p class="lead">Every check, control, framework, common control, governance record and resource type that Assize ships, with its sources, `,
		"whose it is, and what it is mapped to. A good result is evidence; it does not certify compliance with anything.</p>\n")
	p.str(`<ul class="tiles">`)
	for _, l := range lists {
		n := 0
		for _, e := range s.r.Entries() {
			if e.Kind == l.kind {
				n++
			}
		}
		p.str(`<li><a href="`, l.folder, `/index.html"><b>`, fmt.Sprint(n), "</b> ")
		p.text(l.title)
		p.str("</a><p>")
		p.text(l.lead)
		p.str("</p></li>\n")
	}
	p.str("</ul>\n<h2>Frameworks</h2>\n")
	p.str(`<div class="scroll" tabindex="0" role="region" aria-label="Frameworks"><table><caption class="sr">Frameworks, with controls by who answers them</caption><thead><tr><th scope="col">Framework`,
		`<th scope="col">Version<th scope="col" class="n">Controls<th scope="col" class="n">Automated<th scope="col" class="n">Mixed<th scope="col" class="n">Manual</thead><tbody>`)
	for _, c := range s.r.Coverage() {
		p.str(`<tr><th scope="row">`)
		p.link(s.paths[reference.Key{Kind: reference.Framework, ID: c.Framework}], c.Title)
		p.str("<td>")
		p.text(c.Version)
		for _, n := range []int{c.Controls, c.Automated, c.Mixed, c.Manual} {
			p.str(`<td class="n">`, fmt.Sprint(n))
		}
		p.str("</tr>\n")
	}
	p.str("</tbody></table></div>\n<p class=\"note\">Library ", s.r.Library().Digest, "</p>\n")
	return p.end()
}

// list lists all of a kind, in groups by what they are in.
func (s *site) list(l list) []byte {
	path := l.folder + "/index.html"
	p := s.begin(path, l.title+" · Assize", l.title)
	p.str("<h1>")
	p.text(l.title)
	p.str("</h1>\n<p class=\"lead\">")
	p.text(l.lead)
	p.str("</p>\n")
	groups := map[string][]reference.Entry{}
	var order []string
	for _, e := range s.r.Entries() {
		if e.Kind != l.kind {
			continue
		}
		if groups[e.In] == nil {
			order = append(order, e.In)
		}
		groups[e.In] = append(groups[e.In], e)
	}
	slices.Sort(order)
	for _, in := range order {
		if in != "" {
			p.str("<h2>")
			p.text(in)
			p.str("</h2>\n")
		}
		p.str(`<ul class="rows">`)
		for _, e := range groups[in] {
			p.str("<li>")
			p.link(up(path)+s.paths[e.Key], e.ID)
			p.str(` <span class="note">`)
			p.text(e.Title)
			p.str("</span></li>\n")
		}
		p.str("</ul>\n")
	}
	return p.end()
}

// page is the page of one thing.
func (s *site) page(page *reference.Page) []byte {
	path := s.paths[page.Key]
	p := s.begin(path, page.Title+" · Assize", page.Kind.Label())
	p.str(`<p class="kind">`)
	p.text(page.Kind.Label())
	if name := shownID(&page.Entry); name != page.Title {
		p.str(" <code>")
		p.text(name)
		p.str("</code>")
	}
	p.str("</p>\n<h1>")
	p.text(page.Title)
	p.str("</h1>\n")
	notice := "notice"
	if page.Provenance == assize.ProvenanceAWS {
		notice += " named"
	}
	p.str(`<p class="`, notice, `"><b>Whose it is.</b> `)
	p.text(page.Notice)
	p.str("</p>\n<dl>")
	for _, f := range page.Facts {
		p.str("<dt>")
		p.text(f.Name)
		p.str("<dd>")
		for _, ref := range f.Value {
			p.ref(s, path, ref)
		}
		p.str("\n")
	}
	p.str("</dl>\n")
	for i := range page.Sections {
		p.section(s, path, &page.Sections[i])
	}
	return p.end()
}

// shownID is the id without the framework of a control.
func shownID(e *reference.Entry) string {
	if e.Kind != reference.Control {
		return e.ID
	}
	_, id, _ := strings.Cut(e.ID, "/")
	return id
}

// The index of the search, which every site has, and how it begins.
const (
	indexPath = "assets/search.js"
	indexHead = "var assizeIndex = "
)

// Stands reports whether a site that [Write] wrote stands in a folder. A file of the index's name is not enough:
// folders of others have one, too.
func Stands(dir fs.FS) bool {
	info, err := fs.Stat(dir, indexPath)
	if err != nil || !info.Mode().IsRegular() {
		return false
	}
	f, err := dir.Open(indexPath)
	if err != nil {
		return false
	}
	head := make([]byte, len(indexHead))
	_, err = io.ReadFull(f, head)
	return errors.Join(err, f.Close()) == nil && string(head) == indexHead
}

// Folders are those that [Write] fills, beside index.html.
func Folders() []string {
	names := []string{"assets"}
	for _, f := range folders {
		names = append(names, f)
	}
	slices.Sort(names)
	return names
}
