package reference

import (
	"encoding/json"
	"strings"

	"github.com/assize-dev/assize"
)

// subjectWords say what one finding is about.
var subjectWords = map[assize.SubjectKind]string{
	assize.SubjectResource: "each %s", assize.SubjectAccountRegion: "all %s of an account and Region together",
	assize.SubjectAccount: "all %s of an account together", assize.SubjectOrganisation: "all %s of all accounts together",
}

var noneWords = map[assize.None]string{
	assize.NoneFails: "it fails", assize.NoneNotApplicable: "it does not apply", assize.NoneAsProfile: "the organisation profile decides: ",
}

func (r *Reference) checkPage(p *Page) {
	c := r.lib.Check(p.ID)
	p.Notice = ourOwn
	p.fact("Severity", string(c.Severity))
	p.fact("Service", c.Service)
	before, after, _ := strings.Cut(subjectWords[c.Subject.Kind], "%s")
	typ := r.ref(Key{Type, c.Subject.Type})
	p.factTo("Judges", Ref{Text: before}, typ, Ref{Text: after})
	p.fact("Where there is none", noneWords[c.Subject.None]+c.Subject.Profile)
	p.fact("Does not apply", c.NotApplicableWhen)
	p.fact("Cost of mending what exists", c.Retrofit.Cost+": "+c.Retrofit.Note)
	p.say("Why it matters", c.Why)
	p.say("A failure means", c.Fails)
	p.say("What to do", c.Remediation.Text)
	p.code("With the AWS CLI", c.Remediation.CLI)
	p.code("In Terraform", c.Remediation.Terraform)
	p.lines("Mistakes to avoid", c.Pitfalls)
	p.code("Applies where", c.Applies)
	p.code("Rule", c.Rule)
	p.say("About the rule", c.Note)
	r.links(p, "Controls that it answers", r.usedBy(p.Key, Control))
	r.links(p, "Common controls that it implements", r.usedBy(p.Key, Common))
	p.rows("Nearest ids of others", peerRows(&c.Peers))
	p.sources(c.Sources)
}

func peerRows(p *assize.Peers) []Row {
	var rows []Row
	for _, peer := range [][2]string{
		{"AWS Config", p.Config},
		{"AWS Security Hub", p.SecurityHub},
		{"Prowler", p.Prowler},
		{"Powerpipe", p.Powerpipe},
		{"Checkov", p.Checkov},
		{"Trivy", p.Trivy},
		{"Others", p.Other},
	} {
		if peer[1] != "" {
			rows = append(rows, Row{Head: Ref{Text: peer[0]}, Note: peer[1]})
		}
	}
	return rows
}

func (r *Reference) recordPage(p *Page) {
	for _, record := range r.records {
		if record.ID != p.ID {
			continue
		}
		p.Notice = "The form is Assize's own."
		p.fact("Kind", record.Kind)
		p.fact("Approved by", strings.Join(record.Approvers, ", "))
		p.fact("Review", cadenceWords(&assize.Expectation{Cadence: record.Review}))
		p.say("What it is for", record.Description)
		p.rows("Fields", fieldRows("", record.Fields))
		r.links(p, "Controls that ask for it", r.usedBy(p.Key, Control))
		r.links(p, "Common controls that ask for it", r.usedBy(p.Key, Common))
		p.sources(record.Sources)
	}
}

// fieldRows list the fields of a record; those of rows behind the name of their field.
func fieldRows(in string, fields []assize.RecordField) []Row {
	var rows []Row
	for _, f := range fields {
		note := f.Type
		if f.Required {
			note += ", required"
		}
		row := Row{Head: Ref{Text: in + f.Title}, Note: note}
		if len(f.Choices) > 0 {
			row.Lines = append(row.Lines, "One of: "+strings.Join(f.Choices, ", "))
		}
		if f.Help != "" {
			row.Lines = append(row.Lines, prose(f.Help))
		}
		if f.Enough != "" {
			row.Lines = append(row.Lines, "Enough when: "+prose(f.Enough))
		}
		rows = append(rows, row)
		rows = append(rows, fieldRows(in+f.Title+" › ", f.Fields)...)
	}
	return rows
}

func (r *Reference) typePage(p *Page) {
	d := r.lib.Definition(p.ID)
	p.Notice = "Type and property names are CloudFormation's; what CloudFormation does not have is marked as an extension."
	p.fact("Service", d.Service)
	p.fact("Extension", d.Extension)
	p.fact("Listed by", d.List)
	where := "in each Region"
	if d.Global {
		where = "once an account"
	}
	p.fact("Listed", where)
	switch {
	case d.AI:
		p.fact("Belongs to AI", "always")
	case d.AIWhen != nil:
		p.fact("Belongs to AI", "when "+d.AIWhen.Fact+" is like "+strings.Join(d.AIWhen.Like, " or ")+", or something of AI names it")
	case d.AccountWide:
		p.fact("Belongs to AI", "always looked at: it guards the whole account")
	default:
		p.fact("Belongs to AI", "when something of AI names it")
	}
	p.fact("Terraform", strings.Join(terraformNames(d), ", "))
	p.fact("Not in Terraform", d.NoTerraform)
	p.fact("In rules", strings.Trim(d.One+"(ref), "+d.Many+"()", ", "))
	r.links(p, "Checks", r.usedBy(p.Key, Check))
	r.links(p, "Controls that ask people about each", r.usedBy(p.Key, Control))
	p.rows("Properties", r.propertyRows(d))
}

func (r *Reference) propertyRows(d *assize.Definition) []Row {
	var rows []Row
	for i := range d.Facts {
		f := &d.Facts[i]
		row := Row{Head: Ref{Text: f.Path}, Note: string(f.Type), Lines: []string{prose(f.Doc)}}
		if f.From != "" {
			row.Lines = append(row.Lines, "From "+f.From)
		}
		if f.Default != nil {
			value, err := json.Marshal(f.Default)
			if err == nil {
				row.Lines = append(row.Lines, "Absence means "+string(value))
			}
		} else if f.Absent != "" {
			row.Lines = append(row.Lines, "Absence means: "+prose(f.Absent))
		}
		if len(f.Values) > 0 {
			row.Lines = append(row.Lines, "One of: "+strings.Join(append(f.Values[:len(f.Values):len(f.Values)], f.APIValues...), ", "))
		}
		if f.Extension != "" {
			row.Lines = append(row.Lines, "Extension: "+prose(f.Extension))
		}
		if f.Ref != "" {
			row.Lines = append(row.Lines, "Names a resource of type "+f.Ref)
		}
		rows = append(rows, row)
	}
	return rows
}
