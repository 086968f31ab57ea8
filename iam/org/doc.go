// Package org answers, for a whole organisation, who can do what: which principal may make
// which API call, from where and under which conditions; directly, and through roles that
// others let it use.
//
// An [Organisation] holds accounts with the control policies above them, principals with all
// their policies, VPC endpoints, and the catalog of what exists. It is built from an inventory
// ([FromInventory]) or from authorization details ([ReadDetails]), and never changes. What could
// not be read stands in it as unreadable policies and causes, so that an answer that depends on it
// is inconclusive: never "nobody can".
//
// An [Analysis] asks questions of one organisation. It groups principals that no policy can
// tell apart, so that work is done once for all of them.
//
// It is pure: no clock, no network, no files.
package org
