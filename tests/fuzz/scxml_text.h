// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workflows/definition/workflow_definition.h"

#include <QByteArray>

namespace counterfoil {

/// A definition as an SCXML file with every attribute written out: what readScxml() makes of it is the definition again, lines
/// aside.
QByteArray scxmlText(const WorkflowDefinition& definition);

/// The definition without the lines at which its parts stand in a file.
WorkflowDefinition withoutLines(WorkflowDefinition definition);

} // namespace counterfoil
