// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/progress_line.h"

#include <QTextStream>

namespace counterfoil {

namespace {

constexpr qint64 barPlaces = 20;
constexpr qint64 redrawMs = 100;
constexpr qint64 plainLineMs = 5'000;

QString factsOf(const ImportProgressView& view)
{
    QString text = QStringLiteral("%1 rows, %2 placed, %3 existed, %4 refused, %5 rows/s").arg(view.rows).arg(view.placed).arg(view.existed).arg(view.refused).arg(view.rowsPerSecond);
    if (view.timeLeft) {
        text += QStringLiteral(", %1 left").arg(spokenDuration(*view.timeLeft));
    }
    return text;
}

} // namespace

QString progressBar(qint64 done, qint64 total)
{
    if (total <= 0) {
        return {};
    }
    const qint64 part = std::clamp<qint64>(done, 0, total);
    const auto filled = static_cast<qsizetype>(part * barPlaces / total);
    return QStringLiteral("[%1%2] %3 %").arg(QString(filled, u'#'), QString(barPlaces - filled, u'-')).arg(part * 100 / total, 3);
}

QString spokenDuration(Duration duration)
{
    const qint64 seconds = std::max<qint64>(0, duration.milliseconds() / 1000);
    if (seconds < 60) {
        return QStringLiteral("%1 s").arg(seconds);
    }
    if (seconds < 3600) {
        return QStringLiteral("%1 min %2 s").arg(seconds / 60).arg(seconds % 60, 2, 10, QLatin1Char('0'));
    }
    return QStringLiteral("%1 h %2 min").arg(seconds / 3600).arg(seconds / 60 % 60, 2, 10, QLatin1Char('0'));
}

void ProgressLine::show(const ImportProgressView& view)
{
    const bool isLast = view.bytesDone >= view.bytesTotal;
    if (m_since.isValid() && !isLast && m_since.elapsed() < (m_terminal ? redrawMs : plainLineMs)) {
        return;
    }
    m_since.start();
    m_shown = true;
    QTextStream out(stderr);
    if (m_terminal) {
        // Erases the rest of the line: the new text may be shorter.
        out << '\r' << progressBar(view.bytesDone, view.bytesTotal) << "  " << factsOf(view) << "\x1b[K";
    } else {
        out << factsOf(view) << '\n';
    }
}

void ProgressLine::end()
{
    if (m_terminal && m_shown) {
        QTextStream(stderr) << '\n';
    }
}

} // namespace counterfoil
