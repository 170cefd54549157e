// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/reads/case_reads.h"
#include "models/store/reads/read_executor.h"
#include "views/widgets/notice_strip.h"

#include <QWidget>

class QPushButton;
class QSystemTrayIcon;

namespace counterfoil {

/// Says when a critical case was opened: in a strip across the window, and on the desktop if the window isn't in front. Hidden while there is
/// nothing to say. What was open when the console started is no news.
class CaseBell : public QWidget {
    Q_OBJECT
public:
    CaseBell(const Theme& theme, ReadExecutor& executor, QWidget* parent = nullptr);

    void start();
    /// The newest case that was announced and neither opened nor dismissed.
    CaseId announced() const { return m_news.empty() ? CaseId() : m_news.front(); }
    QPushButton* openButton() const { return m_strip->button(); }
    void dismiss();

Q_SIGNALS:
    void caseRequested(counterfoil::CaseId item);
    /// There are several: the queue shows them.
    void queueRequested();

private:
    void ask();
    void announce(const std::vector<CaseRow>& rows);
    void open();
    void sayOnDesktop(const QString& title, const QString& text);

    ReadExecutor& m_executor;
    NoticeStrip* m_strip;
    QPushButton* m_dismiss;
    QSystemTrayIcon* m_tray = nullptr;
    /// Newest first.
    std::vector<CaseId> m_news;
    /// The newest case that was seen; none before the first answer.
    std::optional<CaseId> m_seen;
    bool m_asking = false;
    bool m_again = false;
};

} // namespace counterfoil
