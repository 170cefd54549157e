// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/widgets/words.h"

#include <QWidget>

class QPushButton;

namespace counterfoil {

class PlainLabel;

/// A strip that says that something needs attention, and where to look.
class NoticeStrip : public QWidget {
    Q_OBJECT
public:
    explicit NoticeStrip(const Theme& theme, QWidget* parent = nullptr);
    QPushButton* button() const { return m_button; }
    void setNotice(Icon icon, Tone tone, const QString& title, const QString& text, const QString& action);

Q_SIGNALS:
    void actionTriggered();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& m_theme;
    Icon m_icon = Icon::Warning;
    Tone m_tone = Tone::Warning;
    PlainLabel* m_title;
    PlainLabel* m_text;
    QPushButton* m_button;
};

} // namespace counterfoil
