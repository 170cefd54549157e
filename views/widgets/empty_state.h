// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/widgets/labels.h"

class QPushButton;

namespace counterfoil {

/// Says why something is empty and what to do, in the middle of the place that it fills.
class EmptyState : public QWidget {
    Q_OBJECT
public:
    explicit EmptyState(const Theme& theme, QWidget* parent = nullptr);

    void setContent(Icon icon, const QString& title, const QString& text);
    /// An empty text hides the button.
    void setAction(const QString& text);

    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void actionTriggered();

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void drawIcon();
    /// The text is as wide as reads well, and narrower where there is less room.
    void fitText();

    const Theme& m_theme;
    Icon m_icon = Icon::Info;
    QLabel* m_picture;
    PlainLabel* m_title;
    PlainLabel* m_text;
    QPushButton* m_button;
};

/// Grey bars in the shape of what is being read, so that the layout does not jump.
class Skeleton : public QWidget {
    Q_OBJECT
public:
    Skeleton(const Theme& theme, int lines, QWidget* parent = nullptr);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& m_theme;
    int m_lines;
};

} // namespace counterfoil
