// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workflows/services/import/order_importer.h"

#include <QElapsedTimer>

namespace counterfoil {

/// Shows how far an import is on standard error: a bar that is drawn anew on a terminal, else a plain line every few seconds.
class ProgressLine {
public:
    explicit ProgressLine(bool terminal) : m_terminal(terminal) {}

    void show(const ImportProgressView& view);
    /// Ends the bar's line.
    void end();

private:
    const bool m_terminal;
    bool m_shown = false;
    QElapsedTimer m_since;
};

/// `[#####-----]  50 %`, 20 places. Without a total it is empty.
QString progressBar(qint64 done, qint64 total);

/// `12 s`, `3 min 05 s`, `2 h 10 min`.
QString spokenDuration(Duration duration);

} // namespace counterfoil
