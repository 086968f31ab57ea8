// Package bundle writes report bundles: a ZIP archive with all or some evidence of an assessment, for people
// (PDF, HTML, CSV, XLSX), for programs (OSCAL assessment-results, JSON) and for the auditor's verifier (the leaves
// of the assessment with a proof each, the checkpoint that they are proved against, a signed manifest).
// docs/report-format.md describes the format; package verify checks it.
//
// The same inputs give the same bytes: every time in the archive comes from a leaf or from the request of
// the report. Bodies of evidence are streamed and never held; what is held is a few hundred bytes for each piece of evidence.
package bundle
