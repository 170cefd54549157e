// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/widgets/labels.h"

class QPlainTextEdit;
class QToolButton;

namespace counterfoil {

/// Makes a payload readable: JSON is indented token by token, so that no number is rounded and nothing is lost; anything else stays
/// as it is. Control and bidi characters become visible escapes; what is longer than `maxCharacters` is cut with a remark.
/// Thread: any; done off the GUI thread by PayloadViewer.
QString readablePayload(const QString& payload, qsizetype maxCharacters = 100'000);

/// A request, answer or callback body: indented, monospace, read-only, copyable as it was received.
class PayloadViewer : public QWidget {
    Q_OBJECT
public:
    PayloadViewer(const Theme& theme, const QString& title, QWidget* parent = nullptr);

    void setPayload(const QString& payload, const QString& note = {});
    /// Says why there is nothing.
    void setNothing(const QString& why);
    QString shownText() const;

private:
    void handleThemeChanged();

    const Theme& m_theme;
    PlainLabel* m_title;
    PlainLabel* m_note;
    QToolButton* m_copy;
    QPlainTextEdit* m_text;
    QString m_payload;
    quint64 m_token = 0;
};

} // namespace counterfoil
