package report

import (
	"io"
	"slices"
	"strings"

	"github.com/assize-dev/assize"
)

// ocsf writes one Compliance Finding (class 2003) of the Open Cybersecurity Schema
// Framework a line, for data lakes and SIEMs. It follows version 1.3.0 of the schema
// with the profile cloud, which Security Lake takes and later 1.x versions read.
//
// Every finding is an event, also a pass. compliance.status_id is 1 for pass, 3 for
// fail, 2 (no result for lack of information) for inconclusive and manual, 99 for not
// applicable; compliance.status_code has our own word. What OCSF has no place for
// stands in unmapped.
type ocsf struct {
	o        *out
	time     int64
	names    map[string]string
	part     map[string]string
	controls map[string][]string
	standard string
	version  string
	source   string
}

const (
	ocsfVersion = "1.3.0"
	// Class 2003 in category 2, activity 1 (Create): its type is 2003 * 100 + 1.
	ocsfClass, ocsfCategory, ocsfActivity = 2003, 2, 1
	ocsfType                              = ocsfClass*100 + ocsfActivity
	// ocsfAccount is the kind of an AWS account.
	ocsfAccount = 10
)

func newOCSF(w io.Writer, _ Options) Writer {
	return &ocsf{o: newOut(w), names: map[string]string{}, part: map[string]string{}}
}

type ocsfEvent struct {
	ActivityID   int              `json:"activity_id"`
	ActivityName string           `json:"activity_name"`
	CategoryUID  int              `json:"category_uid"`
	CategoryName string           `json:"category_name"`
	ClassUID     int              `json:"class_uid"`
	ClassName    string           `json:"class_name"`
	TypeUID      int              `json:"type_uid"`
	TypeName     string           `json:"type_name"`
	SeverityID   int              `json:"severity_id"`
	Severity     string           `json:"severity"`
	Time         int64            `json:"time"`
	Message      string           `json:"message,omitempty"`
	Metadata     ocsfMetadata     `json:"metadata"`
	Finding      ocsfFinding      `json:"finding_info"`
	Compliance   ocsfCompliance   `json:"compliance"`
	Cloud        ocsfCloud        `json:"cloud"`
	Resources    []ocsfResource   `json:"resources,omitempty"`
	Remediation  *ocsfRemediation `json:"remediation,omitempty"`
	Unmapped     ocsfUnmapped     `json:"unmapped"`
}

type ocsfMetadata struct {
	Version  string      `json:"version"`
	Profiles []string    `json:"profiles"`
	Product  ocsfProduct `json:"product"`
	Event    string      `json:"event_code"`
}

type ocsfProduct struct {
	Name    string `json:"name"`
	Vendor  string `json:"vendor_name"`
	Version string `json:"version,omitempty"`
	URL     string `json:"url_string"`
}

type ocsfFinding struct {
	UID   string `json:"uid"`
	Title string `json:"title"`
	Desc  string `json:"desc,omitempty"`
	Time  int64  `json:"created_time"`
}

type ocsfCompliance struct {
	Control      string   `json:"control"`
	Standards    []string `json:"standards"`
	Requirements []string `json:"requirements,omitempty"`
	StatusID     int      `json:"status_id"`
	Status       string   `json:"status"`
	StatusCode   string   `json:"status_code"`
	StatusDetail string   `json:"status_detail,omitempty"`
}

type ocsfCloud struct {
	Provider string     `json:"provider"`
	Region   string     `json:"region,omitempty"`
	Account  *ocsfOwner `json:"account,omitempty"`
}

type ocsfOwner struct {
	UID    string `json:"uid"`
	Name   string `json:"name,omitempty"`
	Type   string `json:"type"`
	TypeID int    `json:"type_id"`
}

type ocsfResource struct {
	UID       string `json:"uid"`
	Name      string `json:"name"`
	Type      string `json:"type"`
	Region    string `json:"region,omitempty"`
	Partition string `json:"cloud_partition,omitempty"`
}

type ocsfRemediation struct {
	Desc       string   `json:"desc"`
	References []string `json:"references,omitempty"`
}

type ocsfUnmapped struct {
	Outcome   assize.Outcome     `json:"outcome"`
	Subject   assize.SubjectKind `json:"subject"`
	Cause     assize.Cause       `json:"cause,omitempty"`
	Operation string             `json:"operation,omitempty"`
	Code      string             `json:"code,omitempty"`
	Facts     assize.Object      `json:"facts,omitempty"`
	Scope     string             `json:"scope,omitempty"`
	Change    assize.Change      `json:"change,omitempty"`
	Together  int                `json:"together,omitempty"`
	Cut       bool               `json:"cut,omitempty"`
	Source    string             `json:"source,omitempty"`
	Origin    *assize.Origin     `json:"origin,omitempty"`
	Exception *assize.Exception  `json:"exception,omitempty"`
}

// Begin keeps what each event says anew: a line has to be understood alone.
func (w *ocsf) Begin(run *assize.Run) error {
	w.time, w.version, w.source = run.AsOf.UnixMilli(), run.Version, run.SnapshotDigest
	w.controls, w.standard = requirementsOf(run), "Assize"
	if f := run.Framework; f != nil {
		w.standard = strings.TrimSpace(f.Title + " " + versionText(f))
	}
	for _, a := range run.Accounts {
		w.names[a.ID], w.part[a.ID] = a.Name, a.Partition
	}
	return w.o.err
}

// requirementsOf gives, per check, the controls that it answers; of those that it answers over a
// mapping only, the source stands with the id: an event that passes is no pass of these.
func requirementsOf(run *assize.Run) map[string][]string {
	of, mapped := map[string][]string{}, mappedOf(run)
	for c := range applying(run) {
		for _, id := range controlChecks(c) {
			if !slices.ContainsFunc(c.Mapped, func(m assize.MappedCheck) bool { return m.Check == id }) {
				of[id] = append(of[id], c.ID)
			}
		}
	}
	for id, texts := range mapped {
		of[id] = append(of[id], texts...)
	}
	return of
}

// Finding writes one event.
func (w *ocsf) Finding(f *assize.Finding) error {
	e := makeEntry(f, steps[0])
	id, severity := ocsfSeverity(f.Check.Severity)
	reason := cut(paragraph(head(f.Reason, textReason)), textReason)
	w.o.json(ocsfEvent{
		ActivityID: ocsfActivity, ActivityName: "Create", CategoryUID: ocsfCategory, CategoryName: "Findings",
		ClassUID: ocsfClass, ClassName: "Compliance Finding", TypeUID: ocsfType, TypeName: "Compliance Finding: Create",
		SeverityID: id, Severity: severity, Time: w.time, Message: reason,
		Metadata: ocsfMetadata{
			Version: ocsfVersion, Profiles: []string{"cloud"}, Event: f.Check.ID,
			Product: ocsfProduct{Name: "Assize", Vendor: "Assize", Version: w.version, URL: projectURL},
		},
		Finding: ocsfFinding{
			UID: digest(f.Key())[:32], Title: paragraph(f.Check.Title), Desc: cut(paragraph(f.Check.Why), 1000), Time: w.time,
		},
		Compliance: w.compliance(f, reason), Cloud: w.cloud(f), Resources: w.resources(f, &e), Remediation: ocsfFix(f.Check),
		Unmapped: ocsfUnmapped{
			Outcome: f.Outcome, Subject: f.Check.Subject.Kind, Cause: e.Cause, Operation: e.Operation, Code: e.Code, Facts: e.Facts,
			Scope: e.Scope, Change: f.Change, Together: e.Together, Cut: e.Cut, Source: w.source,
			Origin: e.Origin, Exception: e.Exception,
		},
	})
	w.o.str("\n")
	return w.o.err
}

// End writes nothing more: every line is a finding.
func (w *ocsf) End(*assize.Summary) error { return w.o.flush() }

func (w *ocsf) compliance(f *assize.Finding, reason string) ocsfCompliance {
	id, status := 99, "Not Applicable"
	switch f.Outcome {
	case assize.Pass:
		id, status = 1, "Pass"
	case assize.Inconclusive, assize.Manual:
		id, status = 2, "Warning"
	case assize.Fail:
		id, status = 3, "Fail"
	case assize.NotApplicable:
	}
	return ocsfCompliance{
		Control: f.Check.ID, Standards: []string{w.standard}, Requirements: w.controls[f.Check.ID],
		StatusID: id, Status: status, StatusCode: string(f.Outcome), StatusDetail: reason,
	}
}

func (w *ocsf) cloud(f *assize.Finding) ocsfCloud {
	c := ocsfCloud{Provider: "AWS", Region: f.Region}
	if f.Account != "" {
		c.Account = &ocsfOwner{UID: f.Account, Name: w.names[f.Account], Type: "AWS Account", TypeID: ocsfAccount}
	}
	return c
}

// resources names the subject; of several looked at together, the first.
func (w *ocsf) resources(f *assize.Finding, e *entry) []ocsfResource {
	if f.Resource != nil {
		uid := e.ARN
		if uid == "" {
			uid = e.ID
		}
		return []ocsfResource{{UID: uid, Name: e.ID, Type: e.Type, Region: f.Region, Partition: w.part[f.Account]}}
	}
	var out []ocsfResource
	for _, label := range e.Resources {
		out = append(out, ocsfResource{UID: label, Name: label, Type: e.Type, Region: f.Region, Partition: w.part[f.Account]})
	}
	return out
}

func ocsfFix(c *assize.Check) *ocsfRemediation {
	r := &ocsfRemediation{Desc: cut(paragraph(c.Remediation.Text), 1000)}
	for _, s := range c.Sources {
		if isLink(s) {
			r.References = append(r.References, s)
		}
	}
	return r
}

func ocsfSeverity(s assize.Severity) (id int, caption string) {
	switch s {
	case assize.Critical:
		return 5, "Critical"
	case assize.High:
		return 4, "High"
	case assize.Medium:
		return 3, "Medium"
	case assize.Low:
		return 2, "Low"
	case assize.Informational:
		return 1, "Informational"
	}
	return 0, "Unknown"
}
